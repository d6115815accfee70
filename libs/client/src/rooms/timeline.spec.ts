import type { Entry } from '@veche/protocol';
import { VecheError } from '../errors';
import { TimelineWindow } from './timeline';

const HEAD = 200;

/** A room of two hundred messages, whose server does not answer while `away`. */
const watched = () => {
  const server = { away: false };
  const timeline = new TimelineWindow({
    fetch: async (after, limit) => {
      await Promise.resolve();
      if (server.away) throw new VecheError('unreachable');
      const numbers = Array.from({ length: Math.min(limit, HEAD - after) }, (_, i) => after + i + 1);
      return { items: numbers.map((seq) => ({ seq, type: 'message.created' }) as Entry), lastSeq: HEAD };
    },
    found: () => undefined,
    head: () => HEAD,
    pending: () => [],
    me: () => 'me',
  });
  timeline.source.subscribe(() => undefined);
  return { server, timeline, shown: () => timeline.source.get() };
};

test('what could not be loaded below is loaded when there is a connection again', async () => {
  const { server, timeline, shown } = watched();
  await timeline.loadAround(100);
  const last = shown().entries.at(-1)?.seq ?? 0;
  server.away = true;
  await timeline.loadNewer();
  expect(shown()).toMatchObject({ status: 'ready', error: { code: 'unreachable' } });
  server.away = false;
  await timeline.begin();
  expect(shown().error).toBeUndefined();
  await timeline.loadNewer();
  expect(shown().entries.at(-1)?.seq).toBeGreaterThan(last);
});

test.each(['loadOlder', 'loadNewer', 'begin'] as const)(
  'a place that could not be had is tried again by %s',
  async (again) => {
    const { server, timeline, shown } = watched();
    await timeline.loadLatest();
    server.away = true;
    await timeline.loadAround(100);
    expect(shown().status).toBe('failed');
    server.away = false;
    await timeline[again]();
    expect(shown().status).toBe('ready');
    expect(shown().entries.map(({ seq }) => seq)).toContain(100);
    expect(shown().entries.map(({ seq }) => seq)).not.toContain(HEAD);
  },
);

test.each([HEAD + 1, HEAD + 5_000, Number.MAX_SAFE_INTEGER, Infinity])(
  'who asks for %d, which is not there, sees the newest that is',
  async (seq) => {
    const { timeline, shown } = watched();
    await timeline.loadAround(seq);
    expect(shown()).toMatchObject({ status: 'ready', reachedStart: false, reachedEnd: true });
    expect(shown().entries.at(-1)?.seq).toBe(HEAD);
  },
);

test.each([0, -7, 0.5])('who asks for %d, before all that is there, sees the first', async (seq) => {
  const { timeline, shown } = watched();
  await timeline.loadAround(seq);
  expect(shown()).toMatchObject({ status: 'ready', reachedStart: true });
  expect(shown().entries[0]?.seq).toBe(1);
});

import { connect, createApi, createSession } from '@veche/client';
import { eventually } from '@veche/testing';
import { buildWhenStale } from '../harness/build';
import { unique } from '../harness/people';
import { Veche } from '../harness/veche';
import { inTurns } from '../harness/waiting';

const SIZES = (process.argv[2] ?? '100,1000,5000').split(',').map(Number);
const PASSWORD = 'pass-word-of-a-test for many rooms';

/** What many rooms cost whoever opens a client: until all are there, and until one more is. */
const measure = async (): Promise<void> => {
  buildWhenStale();
  const veche = await Veche.start('embedded');
  try {
    const [url = ''] = veche.doors.gateways;
    const session = createSession({ url, tokenTransport: 'body' });
    const username = unique('anna');
    await session.register({ username, email: `${username}@example.org`, password: PASSWORD });
    const api = createApi({ url, getToken: session.getToken });
    let made = 0;
    for (const size of SIZES) {
      await inTurns(Array.from({ length: size - made }), 16, () =>
        api.rooms.create({ name: unique('room'), kind: 'public' }),
      );
      made = size;

      const from = performance.now();
      const client = connect({ url, getToken: session.getToken });
      // as a page does that shows the list
      client.rooms.subscribe(() => client.rooms.get());
      await eventually(() => client.rooms.get().loaded && client.rooms.get().items.length === size, {
        within: 120_000,
      });
      const loaded = performance.now() - from;
      const before = performance.now();
      const { id } = await client.api.rooms.create({ name: unique('room'), kind: 'public' });
      await eventually(() => client.room(id).overview.get() !== undefined, { within: 120_000 });
      const joined = performance.now() - before;
      await client.api.rooms.delete(id);
      client.close();
      console.log(
        `${size} rooms: all there after ${loaded.toFixed(0)} ms, one more after ${joined.toFixed(0)} ms`,
      );
    }
  } finally {
    await veche.destroy();
  }
};

void measure();

import { eventually } from '@veche/testing';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { concurrently, faults, talkThrough, watch } from '../harness/bad-network';
import { ROOT } from '../harness/build';
import { unique } from '../harness/people';
import { shapeOfRun, Veche } from '../harness/veche';
import type { Seen } from '../harness/whole';

/** Short, so that tokens are renewed, and expire, in the middle of everything. */
const TOKEN_SECONDS = 5;
/** How long after its exchange a refresh token still renews for anybody. */
const GRACE_MS = 10_000;

let veche: Veche;
beforeAll(async () => {
  veche = await Veche.start(shapeOfRun(), { env: { ACCESS_TOKEN_TTL: String(TOKEN_SECONDS) } });
});
afterAll(() => veche.destroy(), 30_000);

const inBadNetwork = concurrently(() => veche);

for (const [name, fault] of Object.entries(faults))
  inBadNetwork(
    `after ${name} every client has what the server has, and every message is there once, in its order`,
    (network) => talkThrough(network, fault),
  );

inBadNetwork(
  'rooms that one is brought into and taken out of meanwhile are there and gone',
  async (network) => {
    const [anna, boris] = [await network.user('anna'), await network.user('boris')];
    const { api } = anna.client;
    const make = () => api.rooms.create({ name: unique('room'), kind: 'private', members: [boris.username] });
    const [kept, left, deleted] = [await make(), await make(), await make()];
    for (const { id } of [kept, left, deleted]) watch(boris, id);
    await eventually(() => boris.client.rooms.get().items.length === 3);
    const removed: string[] = [];
    boris.client.on('room:removed', ({ roomId }) => removed.push(roomId));
    network.link.cut();
    const hers = await network.directly(anna);
    await hers.rest.delete(`/rooms/${left.id}/members/${boris.id}`);
    await hers.rest.delete(`/rooms/${deleted.id}`);
    const brought = await hers.rest.post<{ id: string }>('/rooms', {
      name: unique('room'),
      kind: 'private',
      members: [boris.username],
    });
    for (let i = 0; i < 5; i++) await hers.send(brought.id, `${i}`);
    // for somebody who was away while both happened, it never happened
    await hers.rest.delete(`/rooms/${kept.id}/members/${boris.id}`);
    await hers.rest.post(`/rooms/${kept.id}/members`, { userId: boris.id });
    network.link.mend();
    await network.becomeWhole(boris);
    expect(removed.sort()).toEqual([left.id, deleted.id].sort());
    const ids = boris.client.rooms.get().items.map(({ id }) => id);
    expect(ids.sort()).toEqual([kept.id, brought.id].sort());
    expect(boris.client.room(left.id).timeline.get().entries).toEqual([]);
  },
);

inBadNetwork(
  'who never got the answer to a renewal stays signed in, however late they ask again',
  async (network) => {
    const anna = await network.user('anna');
    const hers = await network.directly(anna);
    network.link.loseAnswers();
    await eventually(() => network.link.unheard.includes('"accessToken"'));
    network.link.cut();
    await pause(GRACE_MS + 1_000);
    const room = await hers.createRoom('private');
    network.link.mend();
    await network.becomeWhole(anna);
    expect(anna.client.rooms.get().items.map(({ id }) => id)).toEqual([room.id]);
  },
);

inBadNetwork('a device that sleeps longer than its token lives, wakes up and is whole', async (network) => {
  const anna = await network.user('anna');
  const sleeper = await network.account('sleeper');
  const room = await anna.client.api.rooms.create({
    name: unique('room'),
    kind: 'private',
    members: [sleeper.login],
  });
  const device = fork(join(ROOT, 'test/harness/sdk-device.ts'), {
    execArgv: ['-r', join(ROOT, 'test/harness/register.cjs')],
    env: { ...process.env, DEVICE: JSON.stringify({ url: network.url, ...sleeper, roomId: room.id }) },
  });
  /** What the client in the other process shows. */
  const asked = async (): Promise<Seen> => {
    const answer = once(device, 'message', { signal: AbortSignal.timeout(5_000) });
    device.send('what do you see?');
    return ((await answer) as [Seen])[0];
  };
  try {
    await eventually(async () => (await asked()).rooms.length === 1);
    device.kill('SIGSTOP');
    const hers = await network.directly(anna);
    for (let i = 0; i < 30; i++) await hers.send(room.id, `while you slept ${i}`);
    await pause(2 * TOKEN_SECONDS * 1000);
    device.kill('SIGCONT');
    await network.becomesWhole(sleeper.login, asked);
  } finally {
    device.kill('SIGKILL');
  }
});

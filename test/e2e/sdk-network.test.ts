import { eventually } from '@veche/testing';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BadNetwork, faults, talkThrough, watch } from '../harness/bad-network';
import { ROOT } from '../harness/build';
import { unique } from '../harness/people';
import { shapeOfRun, Veche } from '../harness/veche';
import { inTurns } from '../harness/waiting';
import type { Seen } from '../harness/whole';

/** Short, so that tokens are renewed, and expire, in the middle of everything. */
const TOKEN_SECONDS = 5;
/** How long after its exchange a refresh token still renews for anybody. */
const GRACE_MS = 10_000;

let veche: Veche;
beforeAll(async () => {
  veche = await Veche.start(shapeOfRun(), { env: { ACCESS_TOKEN_TTL: String(TOKEN_SECONDS) } });
}, 120_000);
afterAll(() => veche.destroy(), 30_000);

/** Nearly all of these wait for something: they do it together, each in a network of its own. */
const inBadNetwork = (name: string, run: (network: BadNetwork) => Promise<void>): void =>
  test.concurrent(
    name,
    async () => {
      const network = await BadNetwork.open(veche);
      try {
        await run(network);
      } finally {
        network.close();
      }
    },
    180_000,
  );

for (const [name, fault] of Object.entries(faults))
  inBadNetwork(
    `after ${name} every client has what the server has, and every message is there once, in its order`,
    (network) => talkThrough(network, fault),
  );

for (const [what, upgrades] of [
  ['leaves WebSockets unanswered', 'unanswered'],
  ['answers WebSockets and lets nothing pass', 'silent'],
  ['answers WebSockets and lets nothing of the server pass', 'deaf'],
  ['refuses WebSockets', 'refused'],
] as const)
  test.concurrent(
    `behind a proxy that ${what} everything works, and what was learnt about it is remembered`,
    async () => {
      const network = await BadNetwork.behindProxy(veche, upgrades);
      try {
        let mended = 0;
        await talkThrough(network, async ({ link, proxy }) => {
          const before = proxy?.upgrades.length ?? 0;
          link.cut();
          link.mend();
          await pause(1_000);
          // after each of two reconnects at most the probe beside the polling, or the one that is refused at once
          mended = (proxy?.upgrades.length ?? 0) - before;
        });
        const begun = (network.proxy?.upgrades ?? []).filter((path) => !path.includes('sid='));
        if (upgrades !== 'refused') expect(begun).toHaveLength(2);
        expect(mended).toBeLessThanOrEqual(4);
      } finally {
        network.close();
      }
    },
    180_000,
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
  'one with more rooms than are told at once misses nothing of the last of them',
  async (network) => {
    const [anna, boris] = [await network.user('anna'), await network.user('boris')];
    const hers = await network.directly(anna);
    const make = (): Promise<{ id: string }> =>
      hers.rest.post('/rooms', { name: unique('room'), kind: 'private', members: [boris.username] });
    const [old, left] = [await make(), await make()];
    await inTurns(Array.from({ length: 203 }), 8, make);
    await eventually(() => boris.client.rooms.get().items.length === 205, { within: 60_000 });
    watch(boris, old.id);
    network.link.cut();
    await hers.rest.delete(`/rooms/${left.id}/members/${boris.id}`);
    network.link.mend();
    // it is whole again by what it is told: the oldest rooms come last
    await eventually(() => boris.client.rooms.get().items.length === 204, { within: 60_000 });
    expect(boris.client.rooms.get().items.map(({ id }) => id)).not.toContain(left.id);
    network.link.cut();
    await inTurns(
      boris.client.rooms
        .get()
        .items.map(({ id }) => id)
        .slice(0, 202),
      8,
      (id) => hers.send(id, 'somewhere else'),
    );
    network.link.mend();
    await eventually(
      () => boris.client.rooms.get().items.filter((room) => room.unread === 1).length === 202,
      { within: 60_000 },
    );
    await hers.send(old.id, 'at the end of the list');
    await eventually(
      () => boris.client.room(old.id).overview.get()?.lastMessage?.text === 'at the end of the list',
    );
  },
);

inBadNetwork('who missed more than is told one by one begins anew with the present', async (network) => {
  const [anna, boris] = [await network.user('anna'), await network.user('boris')];
  const room = await anna.client.api.rooms.create({
    name: unique('room'),
    kind: 'private',
    members: [boris.username],
  });
  watch(boris, room.id);
  await eventually(() => boris.client.room(room.id).timeline.get().status === 'ready');
  const skipped: string[] = [];
  boris.client.on('room:skipped', ({ roomId }) => skipped.push(roomId));
  const seqs: number[] = [];
  boris.client.on('entry', ({ seq }) => seqs.push(seq));
  network.link.cut();
  for (let i = 0; i < 5_200; i += 100) {
    const hers = await network.directly(anna);
    await Promise.all(Array.from({ length: 100 }, (_, k) => hers.send(room.id, `${i + k}`)));
  }
  network.link.mend();
  await network.becomeWhole(boris);
  expect(skipped).toEqual([room.id]);
  expect(new Set(seqs).size).toBe(seqs.length);
});

inBadNetwork(
  'who never got the answer to a renewal stays signed in, however late they ask again',
  async (network) => {
    const anna = await network.user('anna');
    const hers = await network.directly(anna);
    network.link.loseAnswers();
    await eventually(() => network.link.unheard.includes('"accessToken"'), { within: 20_000 });
    network.link.cut();
    await pause(GRACE_MS + 1_000);
    const room = await hers.createRoom('private');
    network.link.mend();
    await network.becomeWhole(anna);
    expect(anna.client.rooms.get().items.map(({ id }) => id)).toEqual([room.id]);
  },
);

inBadNetwork('who missed much in several rooms is told all of it', async (network) => {
  const [anna, boris] = [await network.user('anna'), await network.user('boris')];
  const hers = await network.directly(anna);
  const rooms = await inTurns([1, 2, 3, 4, 5, 6], 4, () =>
    hers.rest.post<{ id: string }>('/rooms', {
      name: unique('room'),
      kind: 'private',
      members: [boris.username],
    }),
  );
  for (const { id } of rooms) watch(boris, id);
  await network.becomeWhole(boris);
  const skipped: string[] = [];
  boris.client.on('room:skipped', ({ roomId }) => skipped.push(roomId));
  let heard = 0;
  boris.client.on('message', () => heard++);
  network.link.cut();
  // more of each room than an answer can carry of all of them
  for (const { id } of rooms) for (let i = 0; i < 10; i++) await hers.send(id, '語'.repeat(4_000));
  network.link.mend();
  await network.becomeWhole(boris);
  expect(skipped).toEqual([]);
  expect(heard).toBe(60);
});

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
    await eventually(async () => (await asked()).rooms.length === 1, { within: 20_000 });
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

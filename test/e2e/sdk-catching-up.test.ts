import { eventually } from '@veche/testing';
import { concurrently, watch } from '../harness/bad-network';
import { unique } from '../harness/people';
import { shapeOfRun, Veche } from '../harness/veche';
import { inTurns } from '../harness/waiting';

let veche: Veche;
beforeAll(async () => {
  veche = await Veche.start(shapeOfRun());
});
afterAll(() => veche.destroy(), 30_000);

const inBadNetwork = concurrently(() => veche);

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

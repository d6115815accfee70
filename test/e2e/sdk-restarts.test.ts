import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BadNetwork, type Fault, faults, talkThrough, type User, watch } from '../harness/bad-network';
import { unique } from '../harness/people';
import { shapeOfRun, Veche } from '../harness/veche';

let veche: Veche;
let network: BadNetwork;
beforeAll(async () => {
  // short, so that tokens are renewed, and expire, in the middle of everything
  veche = await Veche.start(shapeOfRun(), { env: { ACCESS_TOKEN_TTL: '5' } });
});
beforeEach(async () => void (network = await BadNetwork.open(veche)));
afterEach(() => network.close());
afterAll(() => veche.destroy(), 30_000);

const restart: Fault = async () => {
  await veche.stop();
  await veche.launch();
};

test(
  'after a restart of the server every client has what the server has, and every message is there once',
  () => talkThrough(network, restart),
  120_000,
);

test('whatever happens for ten seconds, in whatever order', async () => {
  const users = [await network.user('anna'), await network.user('boris'), await network.user('vera')];
  const [anna] = users as [User, User, User];
  const names = users.slice(1).map(({ username }) => username);
  const rooms = await Promise.all(
    [1, 2, 3].map(() =>
      anna.client.api.rooms.create({ name: unique('room'), kind: 'public', members: names }),
    ),
  );
  for (const user of users) for (const { id } of rooms) watch(user, id);
  const sent = new Map<string, { from: User; roomId: string; clientIds: string[] }>();
  const arrivals: Promise<unknown>[] = [];
  const any = <T>(of: readonly T[]): T => of[randomInt(of.length)] as T;
  const say = (): void => {
    const [from, { id: roomId }] = [any(users), any(rooms)];
    const { clientId, committed } = from.client.room(roomId).send(`${Math.random()}`);
    const key = from.username + roomId;
    const lane = sent.get(key) ?? { from, roomId, clientIds: [] };
    sent.set(key, lane);
    lane.clientIds.push(clientId);
    arrivals.push(committed);
    if (randomInt(4) === 0) any(users).client.room(roomId).markRead();
  };
  let over = false;
  const talk = (async () => {
    while (!over) {
      say();
      await pause(randomInt(60));
    }
  })();
  const until = Date.now() + 10_000;
  const history: string[] = [];
  try {
    while (Date.now() < until) {
      const [name, fault] = any(Object.entries({ ...faults, 'a restart': restart }));
      history.push(name);
      await fault(network);
      await pause(randomInt(1_500));
    }
    over = true;
    await talk;
    network.link.delayMs = 0;
    await Promise.all(arrivals);
    for (const { from, roomId, clientIds } of sent.values())
      await network.arrivedOnce(from, roomId, clientIds);
    await network.becomeWhole(...users);
  } catch (error) {
    throw new Error(`after ${history.join(', ')}`, { cause: error });
  } finally {
    over = true;
  }
}, 180_000);

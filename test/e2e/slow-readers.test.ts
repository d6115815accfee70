import { inTurns } from '../harness/waiting';
import { Follower } from '../harness/follower';
import { crowd, type Person } from '../harness/people';
import { Socket } from '../harness/socket';
import { shapeOfRun, Veche } from '../harness/veche';

/** As large as a message may be: three bytes each on the wire. */
const LARGE = '語'.repeat(4_000);
/** Twelve megabytes: more than the server keeps for anybody, and the kernel on the way. */
const MANY = 1_000;

let veche: Veche;
beforeAll(async () => {
  veche = await Veche.start(shapeOfRun());
});
afterAll(async () => {
  await veche.stop();
  await veche.destroy();
});

test('a device that stops reading is sent away, holds up nobody, and catches up when it reads again', async () => {
  const [gateway = ''] = veche.doors.gateways;
  const [writer, reader, sleeper] = (await crowd(veche.doors, 3)) as [Person, Person, Person];
  const room = await writer.createRoom('private', [reader, sleeper]);
  const [awake, asleep] = [reader, sleeper].map(({ token }) => {
    const socket = new Socket(gateway, token, { reconnection: true });
    return { socket, follower: new Follower(socket) };
  }) as [{ socket: Socket; follower: Follower }, { socket: Socket; follower: Follower }];
  await Promise.all([awake.socket.connect(), asleep.socket.connect()]);
  await asleep.follower.reaches(room.id, 3);

  const { ws } = (
    asleep.socket.io.io.engine as unknown as { transport: { ws: { pause(): void; resume(): void } } }
  ).transport;
  ws.pause();
  const writing = await writer.socket(gateway);
  // no faster than who is awake reads: this process reads for all of them, and on a busy machine it is slow itself
  await inTurns(Array.from({ length: MANY }), 16, async (_, i) => {
    const { seq } = await writing.send(room.id, LARGE, `${i}`);
    await awake.follower.reaches(room.id, seq);
  });
  expect(asleep.follower.last(room.id)).toBe(3);

  ws.resume();
  await asleep.follower.reaches(room.id, 3 + MANY);
  expect(asleep.socket.disconnects).toEqual(['transport close']);
  expect(awake.socket.disconnects).toEqual([]);
  expect(asleep.follower.log(room.id)).toEqual(awake.follower.log(room.id));
  expect([...awake.follower.faults, ...asleep.follower.faults]).toEqual([]);
});

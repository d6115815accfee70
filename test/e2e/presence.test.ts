import { PRESENCE } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { Grpc } from '../harness/grpc';
import { type Person, register } from '../harness/people';
import type { Socket } from '../harness/socket';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
/** Another gateway than the first, where there are several. */
const otherGateway = doors.gateways.at(-1);

const heardBy = (socket: Socket, event: string): unknown[] =>
  socket.heard.flatMap((heard) => (heard.event === event ? [heard.data] : []));

describe('who looks at a room', () => {
  let olga: Person, boris: Person, roomId: string;
  beforeAll(async () => {
    [olga, boris] = (await register(doors, 'olga', 'boris')) as [Person, Person];
    roomId = (await olga.createRoom('private', [boris])).id;
  });

  test('is told who writes there, at every gateway and by every door, until they stop or fall silent', async () => {
    const [writing, looking, elsewhere] = await Promise.all([
      olga.socket(),
      boris.socket(otherGateway),
      boris.socket(),
    ]);
    await looking.call('room:enter', { roomId });
    const told = (on: boolean) => ({ roomId, userId: olga.id, on });
    await writing.call('typing', { roomId, on: true });
    await eventually(() => heardBy(looking, 'typing').length === 1);
    await olga.send(roomId, 'What I wrote');
    await eventually(() => heardBy(looking, 'typing').length === 2);

    const grpc = new Grpc(PRESENCE.definition, doors.chat.at(-1) ?? '', olga.token);
    await grpc.call('setTyping', { roomId, on: true });
    grpc.close();
    // nobody says that it is over
    await eventually(() => heardBy(looking, 'typing').length >= 4 && heardBy(looking, 'typing').at(-1), {
      within: 15_000,
    });
    await eventually(() => (heardBy(looking, 'typing').at(-1) as { on: boolean }).on === false, {
      within: 15_000,
    });
    expect(heardBy(looking, 'typing')).toEqual([true, false, true, true, false].map(told));

    await looking.call('room:exit', { roomId });
    await writing.call('typing', { roomId, on: true });
    await elsewhere.call('room:enter', { roomId });
    await writing.call('typing', { roomId, on: true });
    await eventually(() => heardBy(elsewhere, 'typing').length > 0);
    expect(heardBy(looking, 'typing')).toHaveLength(5);
    expect(heardBy(writing, 'typing')).toEqual([]);
  }, 60_000);

  test('is told how far others have read', async () => {
    const [reading, looking, elsewhere] = await Promise.all([
      olga.socket(),
      boris.socket(otherGateway),
      boris.socket(),
    ]);
    await looking.call('room:enter', { roomId });
    const { seq } = await boris.send(roomId, 'Read this');
    await reading.call('read', { roomId, seq });
    await eventually(() => heardBy(looking, 'reads').length > 0);
    expect(heardBy(looking, 'reads').at(-1)).toEqual({ roomId, marks: [{ userId: olga.id, seq }] });
    await reading.hears<{ seq: number }>('read', (mark) => mark.seq === seq);
    expect([...heardBy(elsewhere, 'reads'), ...heardBy(elsewhere, 'read')]).toEqual([]);
  });
});

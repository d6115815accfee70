import { RoomKind, RoomRole } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import fc from 'fast-check';
import { BreakableBus } from '../../test/breakable-bus';
import { type Hearing, hearing } from '../../test/hearing';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';

describe('who has left a room', () => {
  let opened: TestDatabase;
  let replicas: [Replica, Replica];
  let hears: Hearing;
  const people = new People();
  const names = ['owner', 'boris', 'clara', 'stranger'] as const;
  const ids = new Map<string, string>(names.map((name) => [name, people.add(name)]));
  const idOf = (name: string): string => ids.get(name) ?? '';
  people.add('visitor', 'guest');

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    const bus = new BreakableBus();
    replicas = [
      await startReplica(opened.url, bus, { people, poolSize: 5 }),
      await startReplica(opened.url, bus, { people, poolSize: 5 }),
    ];
    hears = hearing(replicas[1]);
    hears.users(idOf('boris'));
  });
  beforeEach(() => {
    hears.heard.length = 0;
  });
  afterAll(async () => {
    await Promise.all(replicas.map((one) => one.close()));
    await opened.close();
  });

  let made = 0;
  const create = async (kind: RoomKind, ...members: string[]): Promise<string> => {
    const request = { name: `left ${++made}`, kind, members };
    return (await replicas[0].rooms.createRoom(request, by('owner'))).room?.id ?? '';
  };
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'done',
      (error: AppError) => error.code,
    );
  const add = (roomId: string, username: string, as = 'owner', at = replicas[0]) =>
    at.members.addMember({ roomId, username }, by(as));
  const leave = (roomId: string, as: string) => replicas[0].members.leaveRoom({ roomId }, by(as));
  const invitations = async (as: string) =>
    (await replicas[1].invitations.listInvitations({}, by(as))).invitations;
  const membersOf = async (roomId: string): Promise<string[]> =>
    (await replicas[1].members.listMembers({ roomId }, by('owner'))).members.map(({ userId }) => userId);
  const told = () =>
    hears.heard.flatMap(({ body }) => (body?.$case === 'invitationChanged' ? [body.value] : []));

  test.each([
    ['public', RoomKind.PUBLIC],
    ['private', RoomKind.PRIVATE],
  ])('is asked before they are in it again: a %s one', async (_, kind) => {
    const roomId = await create(kind, 'boris');
    await leave(roomId, 'boris');
    expect(await add(roomId, 'boris')).toEqual({ member: undefined, invited: true });
    expect(await membersOf(roomId)).toEqual([idOf('owner')]);
    const [asked, ...others] = await invitations('boris');
    expect([asked?.room?.id, asked?.room?.role, asked?.invitedBy, others]).toEqual([
      roomId,
      RoomRole.UNSPECIFIED,
      idOf('owner'),
      [],
    ]);
    await eventually(() => told().length === 1);
    expect(told()).toEqual([{ roomId, userId: idOf('boris'), on: true }]);

    const { room } = await replicas[1].invitations.acceptInvitation({ roomId }, by('boris'));
    expect([room?.id, room?.role]).toEqual([roomId, RoomRole.MEMBER]);
    expect(await invitations('boris')).toEqual([]);
    expect((await membersOf(roomId)).sort()).toEqual([idOf('owner'), idOf('boris')].sort());
    await eventually(() => told().length === 2);
    // once more is no more
    await replicas[0].invitations.acceptInvitation({ roomId }, by('boris'));
    expect((await add(roomId, 'boris')).member?.userId).toBe(idOf('boris'));
  });

  test('sees of a private room what it is while they are asked, and nothing that is said in it', async () => {
    const roomId = await create(RoomKind.PRIVATE, 'boris');
    await leave(roomId, 'boris');
    const see = () => codeOf(replicas[1].rooms.getRoom({ roomId }, by('boris')));
    const read = () => codeOf(replicas[1].messages.listMessages({ roomId }, by('boris')));
    const write = () =>
      codeOf(replicas[1].messages.sendMessage({ roomId, text: 'x', clientId: `${++made}` }, by('boris')));
    expect([await see(), await read(), await write()]).toEqual(Array(3).fill('room_not_found'));
    await add(roomId, 'boris');
    expect(await see()).toBe('done');
    expect([await read(), await write()]).not.toContain('done');
    await replicas[0].invitations.declineInvitation({ roomId }, by('boris'));
    expect([await see(), await read(), await write()]).toEqual(Array(3).fill('room_not_found'));
    expect(await codeOf(replicas[0].invitations.acceptInvitation({ roomId }, by('boris')))).toBe(
      'room_not_found',
    );
    expect(await invitations('boris')).toEqual([]);
    // they may be asked again, and decline again, as often as somebody has the face
    await add(roomId, 'boris');
    expect(await invitations('boris')).toHaveLength(1);
    await replicas[0].invitations.declineInvitation({ roomId }, by('boris'));
    await replicas[0].invitations.declineInvitation({ roomId }, by('boris'));
  });

  test('answers for themselves alone, and is let go by whoever may remove', async () => {
    const roomId = await create(RoomKind.PRIVATE, 'boris', 'clara');
    await leave(roomId, 'boris');
    await add(roomId, 'boris');
    await replicas[0].invitations.declineInvitation({ roomId }, by('stranger'));
    expect(await codeOf(replicas[0].invitations.acceptInvitation({ roomId }, by('stranger')))).toBe(
      'room_not_found',
    );
    expect(await invitations('boris')).toHaveLength(1);
    const withdraw = (as: string) =>
      codeOf(replicas[0].members.removeMember({ roomId, userId: idOf('boris') }, by(as)));
    expect(await withdraw('clara')).toBe('forbidden');
    expect(await withdraw('owner')).toBe('done');
    expect(await withdraw('owner')).toBe('member_not_found');
    expect(await invitations('boris')).toEqual([]);
  });

  test('is not asked where somebody removed them, nor by having come back themselves', async () => {
    const roomId = await create(RoomKind.PUBLIC, 'boris');
    await replicas[0].members.removeMember({ roomId, userId: idOf('boris') }, by('owner'));
    expect((await add(roomId, 'boris')).invited).toBe(false);
    await leave(roomId, 'boris');
    await add(roomId, 'boris');
    await replicas[1].rooms.joinRoom({ roomId }, by('boris'));
    expect(await invitations('boris')).toEqual([]);
    await eventually(() => told().length === 2);
    expect(told().map(({ on }) => on)).toEqual([true, false]);
    await replicas[0].members.removeMember({ roomId, userId: idOf('boris') }, by('owner'));
    expect((await add(roomId, 'boris')).invited).toBe(false);
  });

  test('comes back as a guest, too, who joins nothing else', async () => {
    const roomId = await create(RoomKind.PUBLIC, 'visitor');
    await leave(roomId, 'visitor');
    await add(roomId, 'visitor');
    expect(await codeOf(replicas[0].rooms.joinRoom({ roomId }, by('visitor')))).toBe('forbidden');
    await replicas[0].invitations.acceptInvitation({ roomId }, by('visitor'));
    const elsewhere = await create(RoomKind.PUBLIC);
    expect(await codeOf(replicas[0].invitations.acceptInvitation({ roomId: elsewhere }, by('visitor')))).toBe(
      'room_not_found',
    );
  });

  test('is asked into no room that is gone', async () => {
    const roomId = await create(RoomKind.PRIVATE, 'boris');
    await leave(roomId, 'boris');
    await add(roomId, 'boris');
    await replicas[0].rooms.deleteRoom({ roomId }, by('owner'));
    expect(await invitations('boris')).toEqual([]);
    expect(await codeOf(replicas[0].invitations.acceptInvitation({ roomId }, by('boris')))).toBe(
      'room_not_found',
    );
  });

  test('is a member exactly where they joined, accepted, or were added without having left, whoever does what', async () => {
    const step = fc.constantFrom('add', 'add elsewhere', 'leave', 'remove', 'join', 'accept', 'decline');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const roomId = await create(RoomKind.PRIVATE);
        let [isMember, left, asked] = [false, false, false];
        const leaves = (byThemselves: boolean): void => {
          if (isMember) [isMember, left] = [false, byThemselves];
          else if (!byThemselves) asked = false;
        };
        for (const what of steps) {
          switch (what) {
            case 'add':
            case 'add elsewhere':
              await add(roomId, 'boris', 'owner', replicas[what === 'add' ? 0 : 1]);
              if (!isMember && left) asked = true;
              else isMember = true;
              break;
            case 'leave':
              await codeOf(leave(roomId, 'boris'));
              leaves(true);
              break;
            case 'remove':
              await codeOf(replicas[1].members.removeMember({ roomId, userId: idOf('boris') }, by('owner')));
              leaves(false);
              break;
            case 'join':
            case 'accept':
              await codeOf(
                what === 'join'
                  ? replicas[0].rooms.joinRoom({ roomId }, by('boris'))
                  : replicas[1].invitations.acceptInvitation({ roomId }, by('boris')),
              );
              if (asked) [isMember, left, asked] = [true, false, false];
              break;
            case 'decline':
              await replicas[0].invitations.declineInvitation({ roomId }, by('boris'));
              asked = false;
          }
          expect((await membersOf(roomId)).includes(idOf('boris'))).toBe(isMember);
          const open = (await invitations('boris')).some(({ room }) => room?.id === roomId);
          expect(open).toBe(asked);
        }
      }),
      { numRuns: 25 },
    );
  });
});

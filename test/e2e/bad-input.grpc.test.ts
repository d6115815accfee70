import { status } from '@grpc/grpc-js';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import {
  AUTH,
  AUTH_CONTRACTS,
  CHAT_CONTRACTS,
  type Contract,
  type Definition,
  DELIVERY,
  INVITATIONS,
  MEMBERS,
  MESSAGES,
  PINS,
  PREFERENCES,
  PRESENCE,
  RoomKind,
  ROOMS,
  THREADS,
  USERS,
} from '@veche/contracts';
import { randomUUID } from 'node:crypto';
import { Grpc, GrpcRefused } from '../harness/grpc';
import { PASSWORD_MARK, Person, register, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Room } from '../harness/wire';

const doors = sharedDoors();
const addressOf = (contract: Contract<Definition>): string =>
  (contract.package === 'veche.auth.v1' ? doors.auth : doors.chat)[0]!;
const CONTRACTS: readonly Contract<Definition>[] = [...AUTH_CONTRACTS, ...CHAT_CONTRACTS];
const UNARY = CONTRACTS.flatMap((contract) =>
  Object.entries(contract.definition)
    .filter(([, d]) => !d.responseStream)
    .map(([method]): [string, Contract<Definition>] => [method, contract]),
);

let olga: Person, boris: Person, room: Room;
beforeAll(async () => {
  [olga, boris] = (await register(doors, 'olga', 'boris')) as [Person, Person];
  room = await olga.createRoom('private', [boris]);
});
afterEach(async () => {
  const socket = await boris.socket();
  const text = randomUUID();
  await olga.send(room.id, text);
  await socket.hearsMessage(text);
  boris.leave();
});

/** Calls with a client of its own. The code it is refused with, or what it was answered. */
const outcome = async (
  contract: Contract<Definition>,
  call: (client: Grpc<Definition>) => Promise<unknown>,
  token?: string,
): Promise<string> => {
  const client = new Grpc(contract.definition, addressOf(contract), token);
  try {
    return `answered ${JSON.stringify(await call(client))}`;
  } catch (error) {
    if (!(error instanceof GrpcRefused)) throw error;
    const typed = error.grpc.metadata.get('veche-error-bin').length > 0;
    return typed ? error.code : `${status[error.grpc.code]} without a code of ours`;
  } finally {
    client.close();
  }
};
const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.from(new BinaryWriter().tag(number, 2).bytes(bytes).finish());
/** Whether the first field of a request is a string, or several. */
const beginsWithText = ([method, contract]: [string, Contract<Definition>]): boolean => {
  const request = contract.definition[method]?.requestDeserialize(field(1, Buffer.from('text'))) as object;
  return Object.values(request).flat().includes('text');
};
/** Only services may call these; who is no service hears that first, or that the request is bad. */
const REFUSED = /^(invalid_input|forbidden|unauthenticated)$/;

describe('every rpc refuses', () => {
  test.each(UNARY)('bytes that are no message: %s', async (method, contract) => {
    for (const bytes of [[0xff], [0x0a, 0xff, 0xff, 0xff, 0x7f], [0x0a, 0x05, 0x61], [0x0b, 0x0b, 0x0b]])
      expect(await outcome(contract, (c) => c.callRaw(method, Buffer.from(bytes)), olga.token)).toMatch(
        REFUSED,
      );
  });

  test.each(UNARY.filter(beginsWithText))('a string that is not UTF-8: %s', async (method, contract) => {
    const bytes = field(1, Uint8Array.of(0xc3, 0x28, 0xff));
    expect(await outcome(contract, (c) => c.callRaw(method, bytes), olga.token)).toMatch(REFUSED);
  });

  test.each(UNARY)('more than a request can weigh: %s', async (method, contract) => {
    const answer = await outcome(
      contract,
      (c) => c.callRaw(method, field(15, new Uint8Array(300_000))),
      olga.token,
    );
    expect(answer).toBe('RESOURCE_EXHAUSTED without a code of ours');
  });
});

describe('a request with a wrong field is refused', () => {
  const id = randomUUID();
  const password = `${PASSWORD_MARK} x`;
  const account = () => ({ username: unique('grpc'), email: `${unique('grpc')}@example.org`, password });
  const message = () => ({ roomId: room.id, text: 'never sent', clientId: 'c', attachmentIds: [] });
  test.each<[string, Contract<Definition>, string, () => object]>([
    ['a username', AUTH, 'register', () => ({ ...account(), username: 'no name' })],
    ['no email', AUTH, 'register', () => ({ ...account(), email: 'nowhere' })],
    ['a short password', AUTH, 'register', () => ({ ...account(), password: 'short' })],
    ['an unknown app', AUTH, 'login', () => ({ login: olga.username, password, appId: 'unheard-of' })],
    ['NUL', AUTH, 'login', () => ({ login: 'a\0b', password })],
    ['no id', AUTH, 'endSession', () => ({ sessionId: 'no-id' })],
    ['a long token', AUTH, 'validateSession', () => ({ accessToken: 'x'.repeat(5000) })],
    ['no id', USERS, 'getUser', () => ({ id: '' })],
    ['ids and search', USERS, 'listUsers', () => ({ ids: [id], usernames: [], search: 'a' })],
    [
      'too many ids',
      USERS,
      'listUsers',
      () => ({ ids: Array.from({ length: 101 }, () => id), usernames: [] }),
    ],
    ['no kind', ROOMS, 'createRoom', () => ({ name: unique('g'), kind: RoomKind.UNSPECIFIED, members: [] })],
    [
      'the kind of two',
      ROOMS,
      'createRoom',
      () => ({ name: unique('g'), kind: RoomKind.DIRECT, members: [] }),
    ],
    ['a short name', ROOMS, 'createRoom', () => ({ name: 'x', kind: RoomKind.PUBLIC, members: [] })],
    ['both of one', ROOMS, 'openDirectRoom', () => ({ userId: boris.id, username: boris.username })],
    ['a negative number', MEMBERS, 'markRead', () => ({ roomId: room.id, seq: -1 })],
    ['a number beyond', MESSAGES, 'listMessages', () => ({ roomId: room.id, before: -5 })],
    ['a page too long', MESSAGES, 'listEvents', () => ({ roomId: room.id, after: 0, limit: 1001 })],
    ['no text', MESSAGES, 'sendMessage', () => ({ ...message(), text: '' })],
    ['blank text', MESSAGES, 'sendMessage', () => ({ ...message(), text: ' \n ' })],
    ['long text', MESSAGES, 'sendMessage', () => ({ ...message(), text: 'x'.repeat(4001) })],
    ['NUL in text', MESSAGES, 'sendMessage', () => ({ ...message(), text: 'a\0b' })],
    ['no client id', MESSAGES, 'sendMessage', () => ({ ...message(), clientId: '' })],
  ])('%s: %p', async (_what, contract, method, request) => {
    const before = (await olga.log(room.id)).length;
    expect(await outcome(contract, (c) => c.call(method, request()), olga.token)).toBe('invalid_input');
    expect(await olga.log(room.id)).toHaveLength(before);
  });

  test('a number that JSON could not hold exactly', async () => {
    const bytes = Buffer.from(
      new BinaryWriter().uint32(10).string(room.id).uint32(16).int64('9223372036854775807').finish(),
    );
    expect(await outcome(MEMBERS, (c) => c.callRaw('markRead', bytes), olga.token)).toBe('invalid_input');
  });
});

describe('what is not yours', () => {
  test('is refused at every rpc of a room', async () => {
    const [stranger] = (await register(doors, 'stranger')) as [Person];
    const roomId = room.id;
    const userId = boris.id;
    for (const [contract, method, request] of [
      [ROOMS, 'getRoom', { roomId }],
      [ROOMS, 'updateRoom', { roomId, name: unique('taken') }],
      [ROOMS, 'deleteRoom', { roomId }],
      [ROOMS, 'joinRoom', { roomId }],
      [MEMBERS, 'leaveRoom', { roomId }],
      [MEMBERS, 'listMembers', { roomId }],
      [MEMBERS, 'addMember', { roomId, userId: stranger.id }],
      [MEMBERS, 'updateMember', { roomId, userId, role: 'ROOM_ROLE_OWNER' }],
      [MEMBERS, 'removeMember', { roomId, userId }],
      [MEMBERS, 'markRead', { roomId, seq: 1 }],
      [INVITATIONS, 'acceptInvitation', { roomId }],
      [PINS, 'setPin', { roomId, seq: 1, on: true }],
      [PINS, 'listPins', { roomId }],
      [THREADS, 'getThread', { roomId, threadSeq: 1 }],
      [THREADS, 'listThreadMessages', { roomId, threadSeq: 1 }],
      [THREADS, 'setThreadFollowing', { roomId, threadSeq: 1, on: true }],
      [THREADS, 'markThreadRead', { roomId, threadSeq: 1, seq: 1 }],
      [PREFERENCES, 'getRoomPreferences', { roomId }],
      [PREFERENCES, 'updateRoomPreferences', { roomId, muted: true }],
      [PRESENCE, 'setTyping', { roomId, on: true }],
      [MESSAGES, 'sendMessage', { roomId, text: 'hello', clientId: 'c', attachmentIds: [] }],
      [MESSAGES, 'listMessages', { roomId }],
      [MESSAGES, 'listEvents', { roomId, after: 0 }],
    ] as [Contract<Definition>, string, object][])
      expect([method, await outcome(contract, (c) => c.call(method, request), stranger.token)]).toEqual([
        method,
        'room_not_found',
      ]);
  });

  test.each([
    ['subscribe', DELIVERY],
    ['listMemberships', DELIVERY],
    ['listRoomEntries', DELIVERY],
    ['checkSessions', AUTH],
    ['watchSessions', AUTH],
  ] as [string, Contract<Definition>][])(
    'nor anybody else’s, but only for services: %s',
    async (method, contract) => {
      const request = {
        ...{ userIds: [], sessionIds: [], roomId: room.id, after: 0, limit: 1 },
        ...{ addRooms: [], removeRooms: [], addUsers: [], removeUsers: [] },
      };
      for (const guess of [undefined, 'guessed', '']) {
        const metadata: Record<string, string> = guess === undefined ? {} : { 'x-service-token': guess };
        const client = new Grpc(contract.definition, addressOf(contract), olga.token);
        const error = contract.definition[method]?.responseStream
          ? await client.stream(method, request, { metadata }).fails()
          : await client.call(method, request, { metadata }).catch((e: GrpcRefused) => e);
        client.close();
        expect(error).toMatchObject({ code: expect.stringMatching(/^(forbidden|unauthenticated)$/) });
      }
    },
  );
});

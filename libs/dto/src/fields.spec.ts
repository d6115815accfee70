import { RoomKind } from '@veche/contracts';
import { RegisterDto } from './auth.dto';
import { SendMessageDto } from './messages.dto';
import { CreateRoomDto, GetRoomDto, UpdateRoomDto } from './rooms.dto';
import { CreateUserDto, UpdateOwnUserDto, UpdateUserDto } from './users.dto';
import { validated } from './validated';

test('an id is read in one spelling', () => {
  const room = validated(GetRoomDto, { roomId: '01890A5D-AC96-774B-BCCE-B302099A8057' });
  expect(room).toBeInstanceOf(GetRoomDto);
  expect(room.roomId).toBe('01890a5d-ac96-774b-bcce-b302099a8057');
});

test.each([1, null, undefined, {}, 'x'])('%p is no id', (roomId) => {
  expect(() => validated(GetRoomDto, { roomId })).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      data: { errors: [expect.objectContaining({ field: 'roomId' })] },
    }),
  );
});

test.each(['more', '__proto__', 'constructor', 'toString'])('there is no field %s', (field) => {
  const sent: unknown = JSON.parse(`{"roomId":"01890a5d-ac96-774b-bcce-b302099a8057","${field}":{"a":1}}`);
  expect(() => validated(GetRoomDto, sent)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});

test.each(['text', 7, true, [], [{ roomId: '01890a5d-ac96-774b-bcce-b302099a8057' }], null, undefined])(
  '%p is no request for a room',
  (sent) => {
    expect(() => validated(GetRoomDto, sent)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  },
);

describe('a name', () => {
  const fieldsOf = (type: new () => object, given: object): unknown => {
    try {
      validated(type, given);
      return [];
    } catch (error) {
      return (error as { data: { errors: { field: string }[] } }).data.errors.map(({ field }) => field);
    }
  };
  const account = { username: 'olga', email: 'olga@example.org', password: 'correct horse' };
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  const PLACES: [string, new () => object, object, string][] = [
    ['of whoever registers', RegisterDto, account, 'displayName'],
    ['of an account that is made', CreateUserDto, account, 'displayName'],
    ['of an account that is changed', UpdateUserDto, { id }, 'displayName'],
    ['of oneself', UpdateOwnUserDto, {}, 'displayName'],
    ['of a new room', CreateRoomDto, { kind: RoomKind.PUBLIC, members: [] }, 'name'],
    ['of a room that is changed', UpdateRoomDto, { roomId: id }, 'name'],
  ];

  test.each(PLACES)('%s can be seen and stays in its line', (_what, type, rest, field) => {
    for (const bad of [
      '\u200b\u3164\u2800',
      '\u00ad\u2060 \u00a0',
      'Evil\u202e name',
      'Evil\u0007 name',
      'Evil\u2067 name',
      'x'.repeat(65),
      7,
      null,
      ['Anna'],
      'half \ud800',
      'NUL\0here',
    ])
      expect([bad, fieldsOf(type, { ...rest, [field]: bad })]).toEqual([bad, [field]]);
    for (const good of ['Anna K.', '東京', 'Zoë', 'שרה כהן', '👩‍👩‍👧‍👦 family'])
      expect([good, fieldsOf(type, { ...rest, [field]: good })]).toEqual([good, []]);
  });

  test('is kept tidy', () => {
    expect(validated(UpdateOwnUserDto, { displayName: ' An\u200bna  \u3164K. ' }).displayName).toBe(
      'Anna K.',
    );
    expect(validated(UpdateRoomDto, { roomId: id, name: '\tThe\n\u00adsquare ' }).name).toBe('The square');
  });
});

test.each([
  '',
  ' \n',
  '\u200b',
  '\u3164',
  '\u2800\u2800',
  '\u00ad',
  '\u2060\ufe0f',
  '\u{E0041}\u{E007F}',
  '\u0301',
])('a text of which nothing is seen is no message: %j', (text) => {
  const message = { roomId: '01890a5d-ac96-774b-bcce-b302099a8057', clientId: 'c', text };
  expect(() => validated(SendMessageDto, message)).toThrow(
    expect.objectContaining({ code: 'invalid_input' }),
  );
  expect(validated(SendMessageDto, { ...message, text: `${text}!` }).text).toBe(`${text}!`);
});

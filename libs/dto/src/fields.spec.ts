import { GetRoomDto } from './rooms.dto';
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

import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { GetRoomDto } from './rooms.dto';

test('an id is read in one spelling', () => {
  const room = plainToInstance(GetRoomDto, { roomId: '01890A5D-AC96-774B-BCCE-B302099A8057' });
  expect(validateSync(room)).toEqual([]);
  expect(room.roomId).toBe('01890a5d-ac96-774b-bcce-b302099a8057');
});

test.each([1, null, undefined, {}, 'x'])('%p is no id', (roomId) => {
  expect(validateSync(plainToInstance(GetRoomDto, { roomId }))).toHaveLength(1);
});

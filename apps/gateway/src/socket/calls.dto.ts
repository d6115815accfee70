import { Id, Optional, Seq, Text } from '@veche/dto';
import { isInt, isUUID, registerDecorator } from 'class-validator';

/** Rooms that one `sync` may ask for. */
export const MAX_SYNC_ROOMS = 200;

const isSeq = (value: unknown): boolean => isInt(value) && Number.isSafeInteger(value) && Number(value) >= 0;

/** Room ids, each with the last number that is held of it. */
const SeqByRoom = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'seqByRoom',
    target: target.constructor,
    propertyName: property as string,
    options: { message: `$property must hold at most ${MAX_SYNC_ROOMS} room ids, each with a number` },
    validator: {
      validate: (value: unknown) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
        const entries = Object.entries(value);
        return entries.length <= MAX_SYNC_ROOMS && entries.every(([id, seq]) => isUUID(id) && isSeq(seq));
      },
    },
  });

export class EnterRoomDto {
  @Id() roomId!: string;
  /** The last number you hold; the newest entries when left out. */
  @Optional() @Seq(0) after?: number;
}

export class ExitRoomDto {
  @Id() roomId!: string;
}

export class SyncDto {
  @SeqByRoom() rooms!: Record<string, number>;
}

export class TokenDto {
  @Text(1, 4096) token!: string;
}

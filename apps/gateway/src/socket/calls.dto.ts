import { Id, MarkReadDto, Optional, Seq, Text } from '@veche/dto';
import { MAX_SYNC_ROOMS, type Calls } from '@veche/protocol';
import { isInt, isUUID, registerDecorator } from 'class-validator';

type Payload<C extends keyof Calls> = Calls[C]['payload'];

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

export class EnterRoomDto implements Payload<'room:enter'> {
  @Id() roomId!: string;
  /** The last number you hold; the newest entries when left out. */
  @Optional() @Seq(0) after?: number;
}

export class ExitRoomDto implements Payload<'room:exit'> {
  @Id() roomId!: string;
}

export class ReadDto extends MarkReadDto implements Payload<'read'> {
  /** For your marker in a thread: the number of the message that it hangs on. */
  @Optional() @Seq() threadSeq?: number;
}

export class SyncDto implements Payload<'sync'> {
  @SeqByRoom() rooms!: Record<string, number>;
}

export class TokenDto implements Payload<'token'> {
  @Text(1, 4096) token!: string;
}

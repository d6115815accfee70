import { OmitType } from '@nestjs/swagger';
import { SetPinDto } from '@veche/dto';
import { EntryDto } from '../../entries/entry.dto';
import { Numbers } from '../requests/query';

/** Which message. */
@Numbers('seq')
export class PinPath extends OmitType(SetPinDto, ['on'] as const) {}

export class PinsDto {
  /** The message that was pinned last first, at most 100. */
  items!: EntryDto[];
}

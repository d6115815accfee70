import type { ListPinsRequest, SetPinRequest } from '@veche/contracts';
import { IsBoolean } from 'class-validator';
import { Id, Seq } from './fields';

export class ListPinsDto implements ListPinsRequest {
  @Id() roomId!: string;
}

export class SetPinDto implements SetPinRequest {
  @Id() roomId!: string;
  /** The number of the message. */
  @Seq() seq!: number;
  /** Whether it is pinned from now on. */
  @IsBoolean() on!: boolean;
}

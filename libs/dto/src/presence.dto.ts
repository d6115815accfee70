import type { SetTypingRequest } from '@veche/contracts';
import { IsBoolean } from 'class-validator';
import { Id } from './fields';

export class SetTypingDto implements SetTypingRequest {
  @Id() roomId!: string;
  /** Whether the caller is writing. */
  @IsBoolean() on!: boolean;
}

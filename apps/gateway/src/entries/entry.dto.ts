import type { EntryHead } from '@veche/protocol';

/**
 * One entry of a room's log. It stands here for what libs/protocol has of each kind: the documentation puts those
 * in its place (http/docs/entry-schemas.ts).
 */
export class EntryDto implements EntryHead {
  roomId!: string;
  seq!: number;
  type!: string;
  actorId!: string;
  at!: string;
}

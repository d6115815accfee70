import { Entity, Index, PrimaryColumn } from 'typeorm';

/** A word of somebody's names, as searches compare it. */
@Entity({ schema: 'auth', name: 'user_words' })
export class UserWordEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) word!: string;

  @PrimaryColumn('uuid', { name: 'user_id' }) @Index() userId!: string;
}

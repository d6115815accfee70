import { Injectable } from '@nestjs/common';
import { type Database, InjectDatabase } from '@veche/database';
import { Turns } from '@veche/rpc';

/** Who types asks anew before the answer is there; the next answer is the one that counts. */
const WAITING = 20;

/** Turns for searches: one of a user at a time, and of all together on a quarter of the connections to the database. */
@Injectable()
export class SearchTurns extends Turns {
  constructor(@InjectDatabase('chat') db: Database) {
    super({ each: 1, waiting: WAITING, all: Math.max(1, Math.floor(db.connections / 4)) });
  }
}

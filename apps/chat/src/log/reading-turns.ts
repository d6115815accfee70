import { Injectable } from '@nestjs/common';
import { type Database, InjectDatabase } from '@veche/database';
import { Turns } from '@veche/rpc';

/** Of one user. A second one runs while the first is on its way to the database and back. */
const EACH = 2;
const WAITING = 200;

/**
 * Turns for what reads much: pages of logs, of rooms, of members. All together take at most half of the connections to
 * the database: the rest is for those who send.
 */
@Injectable()
export class ReadingTurns extends Turns {
  constructor(@InjectDatabase('chat') db: Database) {
    super({ each: EACH, waiting: WAITING, all: Math.max(1, Math.floor(db.connections / 2)) });
  }
}

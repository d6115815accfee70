import { eventually } from '@veche/testing';
import { Client } from 'pg';
import type { Entry } from '../harness/wire';
import type { Log, LogEntry } from './checker.rules';
import { printOf } from './diary';

interface Row {
  room_id: string;
  seq: string;
  type: string;
  actor_id: string;
  at: Date;
  message_id: string | null;
  text: string | null;
  client_id: string | null;
  reply_to: string | null;
  data: Record<string, string> | null;
}

const entryOf = (row: Row): Entry => ({
  roomId: row.room_id,
  seq: Number(row.seq),
  type: row.type,
  actorId: row.actor_id,
  at: row.at.toISOString(),
  ...row.data,
  ...(row.message_id === null
    ? {}
    : {
        id: row.message_id,
        text: row.text ?? '',
        clientId: row.client_id ?? '',
        ...(row.reply_to === null ? {} : { replyTo: Number(row.reply_to) }),
        // nobody in these runs mentions or reacts
        mentions: [],
        reactions: [],
      }),
});

const changeOf = ({ type, actor_id, data }: Row): LogEntry['change'] => {
  if (type === 'room.created') return { user: actor_id, member: true };
  if (type === 'member.joined') return { user: data?.userId ?? '', member: true };
  if (type === 'member.left' || type === 'member.removed') return { user: data?.userId ?? '', member: false };
  return undefined;
};

/** Looks into chat's database past everything that Veche says of it. */
export class History {
  constructor(private readonly url: string) {}

  /** The last number of each room. Waits for a database that is just coming back. */
  lastSeqs(): Promise<Record<string, number>> {
    return eventually(
      async () => {
        const rows = await this.ask<{ id: string; last_seq: string }>('SELECT id, last_seq FROM chat.rooms');
        return Object.fromEntries(rows.map((r) => [r.id, Number(r.last_seq)]));
      },
      { within: 15_000 },
    );
  }

  /** Signals that nobody was told of, and entries that are newer than what each chat says it has told. */
  async untold(): Promise<number> {
    const [row] = await this.ask<{ n: string }>(
      `SELECT (SELECT count(*) FROM chat.outbox)
         + (SELECT count(*) FROM chat.room_events WHERE at > (SELECT min(told_at) FROM chat.replicas)) AS n`,
    );
    return Number(row?.n);
  }

  async log(): Promise<Log> {
    const rows = await this.ask<Row>('SELECT * FROM chat.room_events ORDER BY room_id, seq');
    const rooms = await this.ask<{ id: string; last_seq: string; member_count: number }>(
      'SELECT id, last_seq, member_count FROM chat.rooms',
    );
    return {
      entries: rows.map((row) => ({
        room: row.room_id,
        seq: Number(row.seq),
        at: row.at.getTime(),
        actor: row.actor_id,
        print: printOf(entryOf(row)),
        clientId: row.client_id ?? undefined,
        change: changeOf(row),
      })),
      rooms: rooms.map((r) => ({ id: r.id, lastSeq: Number(r.last_seq), memberCount: r.member_count })),
      members: await this.ask('SELECT room_id AS room, user_id AS "user" FROM chat.members'),
      untold: await this.untold(),
    };
  }

  private async ask<T extends object>(sql: string): Promise<T[]> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

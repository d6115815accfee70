import { type Entry, roomRoleText } from '@veche/contracts';

export type EntryBody = NonNullable<Entry['body']>;

/** What an entry says, as the table holds it. */
export interface BodyColumns {
  type: EntryType;
  messageId: string | null;
  text: string | null;
  clientId: string | null;
  replyTo: number | null;
  data: Record<string, string> | null;
}

/** A row of chat.room_events as `pg` gives it. */
export interface EntryRow extends Omit<BodyColumns, 'replyTo'> {
  roomId: string;
  seq: string;
  actorId: string;
  at: Date;
  replyTo: string | null;
  deletedAt: Date | null;
}

const TYPES = {
  messageCreated: 'message.created',
  roomCreated: 'room.created',
  roomUpdated: 'room.updated',
  memberJoined: 'member.joined',
  memberLeft: 'member.left',
  memberRemoved: 'member.removed',
  memberRole: 'member.role',
  messagesDeleted: 'messages.deleted',
} as const satisfies Record<EntryBody['$case'], string>;

/** As the column `type` and the JSON doors name it. */
export type EntryType = (typeof TYPES)[keyof typeof TYPES];

const NOTHING = { messageId: null, text: null, clientId: null, replyTo: null, data: null };

export const toColumns = (body: EntryBody): BodyColumns => {
  const columns = { ...NOTHING, type: TYPES[body.$case] };
  switch (body.$case) {
    case 'messageCreated': {
      const { id, text, clientId, replyTo } = body.value;
      return { ...columns, messageId: id, text, clientId, replyTo: replyTo ?? null };
    }
    case 'roomCreated':
      return columns;
    case 'memberRole': {
      const role = roomRoleText.word(body.value.role);
      if (role === undefined) throw new Error('an entry cannot hold a role without a name');
      return { ...columns, data: { userId: body.value.userId, role } };
    }
    case 'roomUpdated':
    case 'memberJoined':
    case 'memberLeft':
    case 'memberRemoved':
    case 'messagesDeleted':
      return { ...columns, data: { ...body.value } };
  }
};

const toBody = (row: EntryRow): EntryBody => {
  const data = row.data ?? {};
  const userId = data.userId ?? '';
  switch (row.type) {
    case 'message.created':
      return {
        $case: 'messageCreated',
        value: {
          id: row.messageId ?? '',
          text: row.text ?? '',
          clientId: row.clientId ?? '',
          replyTo: row.replyTo === null ? undefined : Number(row.replyTo),
          deletedAt: row.deletedAt ?? undefined,
        },
      };
    case 'room.created':
      return { $case: 'roomCreated', value: {} };
    case 'room.updated':
      return { $case: 'roomUpdated', value: { name: data.name, topic: data.topic } };
    case 'member.joined':
      return { $case: 'memberJoined', value: { userId } };
    case 'member.left':
      return { $case: 'memberLeft', value: { userId } };
    case 'member.removed':
      return { $case: 'memberRemoved', value: { userId } };
    case 'messages.deleted':
      return { $case: 'messagesDeleted', value: { userId } };
    case 'member.role':
      return {
        $case: 'memberRole',
        value: { userId, role: roomRoleText.value(data.role as 'member' | 'moderator' | 'owner') },
      };
  }
};

export const toEntry = (row: EntryRow): Entry => ({
  roomId: row.roomId,
  seq: Number(row.seq),
  actorId: row.actorId,
  at: row.at,
  body: toBody(row),
});

/** What of an entry can be long. */
export const textOf = ({ body }: Entry): string => (body?.$case === 'messageCreated' ? body.value.text : '');

import { OutboxEntity } from './log/outbox.entity';
import { RoomEventEntity } from './log/room-event.entity';
import { MemberEntity } from './members/member.entity';
import { MessagesAreDeleted1764200000000 } from './migrations/1764200000000-messages-are-deleted';
import { RoomsAndTheirLogs1764000000000 } from './migrations/1764000000000-rooms-and-their-logs';
import { RoomEntity } from './rooms/room.entity';

/** What the process that runs chat opens for it. */
export const CHAT_DATABASE = {
  name: 'chat' as const,
  entities: [RoomEntity, MemberEntity, RoomEventEntity, OutboxEntity],
  migrations: [RoomsAndTheirLogs1764000000000, MessagesAreDeleted1764200000000],
};

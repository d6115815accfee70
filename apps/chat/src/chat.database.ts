import { AttachmentEntity } from './attachments/attachment.entity';
import { FileSweepEntity } from './attachments/file-sweep.entity';
import { RoomDeletionEntity } from './deletion/room-deletion.entity';
import { TallyEntity } from './bounds/tally.entity';
import { OutboxEntity } from './log/outbox.entity';
import { ReplicaEntity } from './log/replica.entity';
import { RoomEventEntity } from './log/room-event.entity';
import { MentionEntity } from './mentions/mention.entity';
import { FormerMemberEntity } from './members/former-member.entity';
import { MemberEntity } from './members/member.entity';
import { MessagesAreDeleted1764200000000 } from './migrations/1764200000000-messages-are-deleted';
import { ListsOfRooms1765000002000 } from './migrations/1765000002000-lists-of-rooms';
import { RoomsAndTheirLogs1764000000000 } from './migrations/1764000000000-rooms-and-their-logs';
import { NamesAndBounds1765000003100 } from './migrations/1765000003100-names-and-bounds';
import { RoomsInBuckets1765000001000 } from './migrations/1765000001000-rooms-in-buckets';
import { MessagesAreEdited1765100000000 } from './migrations/1765100000000-messages-are-edited';
import { MessagesMention1765203000000 } from './migrations/1765203000000-messages-mention';
import { MessagesAreAppendedByAFunction1765000004000 } from './migrations/1765000004000-messages-are-appended-by-a-function';
import { SeenClientIdsAreFoundByTheIndex1765000005000 } from './migrations/1765000005000-seen-client-ids-are-found-by-the-index';
import { Reactions1765201000000 } from './migrations/1765201000000-reactions';
import { ReactionEntity } from './reactions/reaction.entity';
import { PeopleAreHere1765202000000 } from './migrations/1765202000000-people-are-here';
import { GatewayEntity } from './presence/gateway.entity';
import { PresenceEntity } from './presence/presence.entity';
import { StatusEntity } from './presence/status.entity';
import { MessagesAreFound1765204000000 } from './migrations/1765204000000-messages-are-found';
import { MessagesArePinned1765208000000 } from './migrations/1765208000000-messages-are-pinned';
import { MessagesHaveFiles1765211000000 } from './migrations/1765211000000-messages-have-files';
import { RoomsAsTheirMembersWantThem1765206000000 } from './migrations/1765206000000-rooms-as-their-members-want-them';
import { WhoLeftIsAsked1765213000000 } from './migrations/1765213000000-who-left-is-asked';
import { PreferencesEntity } from './preferences/preferences.entity';
import { RoomLookEntity } from './rooms/room-look.entity';
import { RoomWordEntity } from './rooms/room-word.entity';
import { RoomEntity } from './log/room.entity';
import { SearchCursorEntity } from './search/search-cursor.entity';
import { SearchSpanEntity } from './search/search-span.entity';
import { SearchableEntity } from './search/searchable.entity';
import { MessagesHaveThreads1765214000000 } from './migrations/1765214000000-messages-have-threads';
import { ThreadFollowerEntity } from './threads/thread-follower.entity';

/** What the process that runs chat opens for it. */
export const CHAT_DATABASE = {
  name: 'chat' as const,
  entities: [
    RoomEntity,
    MemberEntity,
    FormerMemberEntity,
    RoomEventEntity,
    MentionEntity,
    ReplicaEntity,
    OutboxEntity,
    RoomDeletionEntity,
    RoomLookEntity,
    RoomWordEntity,
    TallyEntity,
    ReactionEntity,
    GatewayEntity,
    PresenceEntity,
    StatusEntity,
    PreferencesEntity,
    SearchableEntity,
    SearchCursorEntity,
    SearchSpanEntity,
    AttachmentEntity,
    FileSweepEntity,
    ThreadFollowerEntity,
  ],
  migrations: [
    RoomsAndTheirLogs1764000000000,
    MessagesAreDeleted1764200000000,
    RoomsInBuckets1765000001000,
    ListsOfRooms1765000002000,
    NamesAndBounds1765000003100,
    MessagesAreAppendedByAFunction1765000004000,
    SeenClientIdsAreFoundByTheIndex1765000005000,
    MessagesAreEdited1765100000000,
    Reactions1765201000000,
    PeopleAreHere1765202000000,
    MessagesMention1765203000000,
    MessagesAreFound1765204000000,
    RoomsAsTheirMembersWantThem1765206000000,
    MessagesArePinned1765208000000,
    MessagesHaveFiles1765211000000,
    WhoLeftIsAsked1765213000000,
    MessagesHaveThreads1765214000000,
  ],
};

export type { ApiKey, NewApiKey } from './api-keys';
export { type Attachment, MOST_ATTACHMENTS, type Thumbnail, tidyFileName } from './attachments';
export { isEmoji, isFewEmoji, tidyEmoji } from './emoji';
export { isInRoom } from './entries';
export type {
  Entry,
  EntryHead,
  LogPage,
  MemberJoined,
  MemberLeft,
  MemberRemoved,
  MemberRoleChanged,
  MessageCreated,
  MessageDeleted,
  MessageEdited,
  MessagePinned,
  MessagesDeleted,
  MessageUnpinned,
  ReactionAdded,
  ReactionRemoved,
  RoomCreated,
  RoomUpdated,
  ThreadSummary,
  UnknownEntry,
} from './entries';
export type { ErrorCode, FieldError, Problem, Refusal } from './errors';
export {
  fold,
  isDisplayName,
  isFitName,
  isFoundBy,
  isRoomName,
  isVisible,
  nameWords,
  searchWords,
  tidyName,
} from './names';
export {
  calls,
  type Mention,
  namesInMessage,
  resolveMentions,
  roomLinkName,
  type KnownNames,
  type TextPart,
  withMentions,
  type WrittenName,
} from './mentions';
export type { Account, Grant, Profile, Session, User } from './people';
export { foldReactions, type Reaction, type ReactionChange } from './reactions';
export {
  isHidden,
  isMuted,
  levelIn,
  type NotificationLevel,
  type Preferences,
  type PreferencesChange,
  type RoomPreferences,
  type RoomPreferencesChange,
} from './preferences';
export { type Availability, MAX_WATCHED, type Presence, type Status, type StatusChange } from './presence';
export type { Invitation, Invited, Member, Room, RoomKind, RoomOverview } from './rooms';
export type { Role, RoomRole } from './roles';
export {
  type Has,
  HAS,
  MAX_SEARCH,
  momentOf,
  type ParsedSearch,
  parseSearch,
  SEARCH_ORDERS,
  type SearchHit,
  type SearchOrder,
  type SearchText,
} from './search';
export {
  type Acknowledgement,
  type Calls,
  MAX_SYNC_ROOMS,
  type MessagePin,
  type MoreRooms,
  NAMESPACE,
  type NewMessage,
  type MessageReaction,
  type ReadMark,
  type ReadMarks,
  type Ready,
  type RoomMoved,
  type RoomPosition,
  type InvitationTold,
  type RoomPreferencesTold,
  type ServerEvents,
  type ThreadMark,
  type Typing,
} from './socket';
export { foldReply, MOST_PARTICIPANTS, type Thread } from './threads';

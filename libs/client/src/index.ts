export { type Client, type ClientEvents, connect, type ConnectOptions } from './connect';
export type { ConnectionState } from './connection';
export { VecheError, type VecheErrorCode } from './errors';
export type { Outgoing, PendingMessage, SendOptions } from './outgoing/outbox';
export type { OutgoingStore, StoredMessage } from './outgoing/store';
export {
  type Api,
  type ApiOptions,
  createApi,
  type AccountChange,
  type AccountQuery,
  type ApiKeyRequest,
  type NewAccount,
  type NewRoom,
  type Page,
  type PageQuery,
  type SearchOptions,
  type UserReference,
} from './rest/api';
export type { ProvidedToken, TokenProvider } from './rest/provided-token';
export type { GetToken, GetTraceparent } from './rest/request';
export type { UploadOptions } from './rest/upload';
export { type DeviceKey } from './rest/device-key';
export {
  createSession,
  type Credentials,
  type PasswordChange,
  type SessionOptions,
  type SignIn,
} from './rest/session';
export type { Invitations } from './rooms/invitations';
export type { Members } from './rooms/members';
export type { Pins } from './rooms/pins';
export type { Room } from './rooms/room';
export type { RoomList } from './rooms/rooms';
export type { RoomThread, ThreadTimeline } from './rooms/thread';
export type { Threads } from './rooms/threads';
export { withLocalDays } from './search';
export type { Timeline } from './rooms/timeline';
export type { Watchable } from './watchable';
export {
  calls,
  fold,
  HAS,
  isDisplayName,
  isHidden,
  isMuted,
  isFewEmoji,
  isFoundBy,
  isInRoom,
  isRoomName,
  isVisible,
  levelIn,
  MAX_SEARCH,
  MOST_ATTACHMENTS,
  namesInMessage,
  parseSearch,
  roomLinkName,
  tidyEmoji,
  withMentions,
} from '@veche/protocol';
export type {
  Account,
  ApiKey,
  Attachment,
  Entry,
  EntryHead,
  ErrorCode,
  FieldError,
  Grant,
  Invitation,
  InvitationTold,
  Invited,
  Has,
  Member,
  MemberJoined,
  MemberLeft,
  MemberRemoved,
  MemberRoleChanged,
  Mention,
  NewApiKey,
  MessageCreated,
  MessageDeleted,
  MessageEdited,
  MessagePinned,
  MessagesDeleted,
  MessageUnpinned,
  Availability,
  NotificationLevel,
  ParsedSearch,
  Preferences,
  PreferencesChange,
  Presence,
  Profile,
  Reaction,
  ReactionAdded,
  ReactionRemoved,
  Status,
  StatusChange,
  ReadMark,
  Role,
  Room as RoomData,
  RoomCreated,
  RoomKind,
  RoomOverview,
  RoomPreferences,
  RoomPreferencesChange,
  RoomRole,
  RoomUpdated,
  SearchHit,
  SearchOrder,
  Session,
  Thread,
  ThreadMark,
  ThreadSummary,
  Thumbnail,
  UnknownEntry,
  User,
} from '@veche/protocol';

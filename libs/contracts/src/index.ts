import { AccessServiceDefinition, AccessServiceService } from './gen/veche/auth/v1/access_service';
import { ApiKeyServiceDefinition, ApiKeyServiceService } from './gen/veche/auth/v1/api_key_service';
import { AuthServiceDefinition, AuthServiceService } from './gen/veche/auth/v1/auth_service';
import {
  ExternalUserServiceDefinition,
  ExternalUserServiceService,
} from './gen/veche/auth/v1/external_user_service';
import { Role } from './gen/veche/auth/v1/user';
import { UserServiceDefinition, UserServiceService } from './gen/veche/auth/v1/user_service';
import {
  AttachmentServiceDefinition,
  AttachmentServiceService,
} from './gen/veche/chat/v1/attachment_service';
import { DeliveryServiceDefinition, DeliveryServiceService } from './gen/veche/chat/v1/delivery_service';
import { ErasureServiceDefinition, ErasureServiceService } from './gen/veche/chat/v1/erasure_service';
import {
  InvitationServiceDefinition,
  InvitationServiceService,
} from './gen/veche/chat/v1/invitation_service';
import { MemberServiceDefinition, MemberServiceService } from './gen/veche/chat/v1/member_service';
import { MessageServiceDefinition, MessageServiceService } from './gen/veche/chat/v1/message_service';
import { PinServiceDefinition, PinServiceService } from './gen/veche/chat/v1/pin_service';
import { ReactionServiceDefinition, ReactionServiceService } from './gen/veche/chat/v1/reaction_service';
import {
  PreferenceServiceDefinition,
  PreferenceServiceService,
} from './gen/veche/chat/v1/preference_service';
import { NotificationLevel } from './gen/veche/chat/v1/preferences';
import {
  Availability,
  PresenceServiceDefinition,
  PresenceServiceService,
} from './gen/veche/chat/v1/presence_service';
import { RoomKind } from './gen/veche/chat/v1/room';
import { RoomServiceDefinition, RoomServiceService } from './gen/veche/chat/v1/room_service';
import {
  SearchOrder,
  SearchServiceDefinition,
  SearchServiceService,
} from './gen/veche/chat/v1/search_service';
import { ThreadServiceDefinition, ThreadServiceService } from './gen/veche/chat/v1/thread_service';
import { MentionKind, RoomRole } from './gen/veche/events/v1/entry';
import { type Contract, contract } from './contract';
import { enumText } from './enum-text';

export { contract, type Contract, type Definition } from './contract';
export { enumText } from './enum-text';
export { ENTRY_TYPES, type EntryBody, type EntryType, type EntryTypes } from './entry-types';
export * from './gen/veche/auth/v1/access_service';
export * from './gen/veche/auth/v1/api_key_service';
export * from './gen/veche/auth/v1/auth_service';
export * from './gen/veche/auth/v1/external_user_service';
export * from './gen/veche/auth/v1/user';
export * from './gen/veche/auth/v1/user_service';
export * from './gen/veche/chat/v1/attachment_service';
export * from './gen/veche/chat/v1/delivery_service';
export * from './gen/veche/chat/v1/erasure_service';
export * from './gen/veche/chat/v1/invitation_service';
export * from './gen/veche/chat/v1/member_service';
export * from './gen/veche/chat/v1/message_service';
export * from './gen/veche/chat/v1/pin_service';
export * from './gen/veche/chat/v1/preference_service';
export * from './gen/veche/chat/v1/preferences';
export * from './gen/veche/chat/v1/presence_service';
export * from './gen/veche/chat/v1/reaction_service';
export * from './gen/veche/chat/v1/room';
export * from './gen/veche/chat/v1/room_service';
export * from './gen/veche/chat/v1/search_service';
export * from './gen/veche/chat/v1/thread_service';
export * from './gen/veche/events/v1/bus';
export * from './gen/veche/events/v1/entry';
export * from './gen/veche/events/v1/session';
export * from './gen/veche/health/v1/check';

export const AUTH = contract(AuthServiceService, AuthServiceDefinition);
export const USERS = contract(UserServiceService, UserServiceDefinition);
export const ACCESS = contract(AccessServiceService, AccessServiceDefinition);
export const API_KEYS = contract(ApiKeyServiceService, ApiKeyServiceDefinition);
export const EXTERNAL_USERS = contract(ExternalUserServiceService, ExternalUserServiceDefinition);
export const ROOMS = contract(RoomServiceService, RoomServiceDefinition);
export const MEMBERS = contract(MemberServiceService, MemberServiceDefinition);
export const INVITATIONS = contract(InvitationServiceService, InvitationServiceDefinition);
export const MESSAGES = contract(MessageServiceService, MessageServiceDefinition);
export const REACTIONS = contract(ReactionServiceService, ReactionServiceDefinition);
export const PINS = contract(PinServiceService, PinServiceDefinition);
export const THREADS = contract(ThreadServiceService, ThreadServiceDefinition);
export const ATTACHMENTS = contract(AttachmentServiceService, AttachmentServiceDefinition);
export const SEARCH = contract(SearchServiceService, SearchServiceDefinition);
export const ERASURE = contract(ErasureServiceService, ErasureServiceDefinition);
export const DELIVERY = contract(DeliveryServiceService, DeliveryServiceDefinition);
export const PRESENCE = contract(PresenceServiceService, PresenceServiceDefinition);
export const PREFERENCES = contract(PreferenceServiceService, PreferenceServiceDefinition);

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- contracts of different services in one list
type Contracts = readonly Contract<any>[];
/** What each service answers. */
export const AUTH_CONTRACTS: Contracts = [AUTH, USERS, ACCESS, API_KEYS, EXTERNAL_USERS];
export const CHAT_CONTRACTS: Contracts = [
  ROOMS,
  MEMBERS,
  INVITATIONS,
  MESSAGES,
  REACTIONS,
  PINS,
  THREADS,
  ATTACHMENTS,
  SEARCH,
  DELIVERY,
  PRESENCE,
  PREFERENCES,
  ERASURE,
];

export const roleText = enumText(Role);
export const roomKindText = enumText(RoomKind);
export const searchOrderText = enumText(SearchOrder);
export const roomRoleText = enumText(RoomRole);
export const availabilityText = enumText(Availability);
export const notificationLevelText = enumText(NotificationLevel);
export const mentionKindText = enumText(MentionKind);

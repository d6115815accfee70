import {
  ATTACHMENTS,
  DELIVERY,
  ERASURE,
  INVITATIONS,
  MEMBERS,
  MESSAGES,
  PINS,
  PREFERENCES,
  PRESENCE,
  REACTIONS,
  ROOMS,
  SEARCH,
  THREADS,
} from '@veche/contracts';
import type { local } from '@veche/rpc';
import { AttachmentsController } from './attachments/attachments.controller';
import { DeliveryController } from './delivery/delivery.controller';
import { ErasureController } from './erasure/erasure.controller';
import { InvitationsController } from './invitations/invitations.controller';
import { MembersController } from './members/members.controller';
import { MessagesController } from './messages/messages.controller';
import { PinsController } from './pins/pins.controller';
import { PreferencesController } from './preferences/preferences.controller';
import { PresenceController } from './presence/presence.controller';
import { ReactionsController } from './reactions/reactions.controller';
import { RoomsController } from './rooms/rooms.controller';
import { SearchController } from './search/search.controller';
import { ThreadsController } from './threads/threads.controller';

/** Which controller answers the calls of which contract, for whoever runs chat in its own process. */
export const chatCalls = (bind: typeof local) => [
  bind(ROOMS, RoomsController),
  bind(MEMBERS, MembersController),
  bind(INVITATIONS, InvitationsController),
  bind(MESSAGES, MessagesController),
  bind(REACTIONS, ReactionsController),
  bind(PINS, PinsController),
  bind(THREADS, ThreadsController),
  bind(ATTACHMENTS, AttachmentsController),
  bind(SEARCH, SearchController),
  bind(DELIVERY, DeliveryController),
  bind(PRESENCE, PresenceController),
  bind(PREFERENCES, PreferencesController),
  bind(ERASURE, ErasureController),
];

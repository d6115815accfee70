import { Module } from '@nestjs/common';
import { DeletionsRepository } from './deletion/deletions.repository';
import { DeletionsSweep } from './deletion/deletions.sweep';
import { BoundsRepository } from './bounds/bounds.repository';
import { BoundsService } from './bounds/bounds.service';
import { DeliveryController } from './delivery/delivery.controller';
import { DeliveryRepository } from './delivery/delivery.repository';
import { DeliveryService } from './delivery/delivery.service';
import { ErasureController } from './erasure/erasure.controller';
import { ErasureRepository } from './erasure/erasure.repository';
import { ErasureService } from './erasure/erasure.service';
import { ChatHealth } from './health/health.service';
import { Deliveries } from './log/deliveries.service';
import { LogRepository } from './log/log.repository';
import { LogService } from './log/log.service';
import { MessagesService } from './log/messages.service';
import { OutboxRepository } from './log/outbox.repository';
import { OutboxService } from './log/outbox.service';
import { ReadingTurns } from './log/reading-turns';
import { ReplicasRepository } from './log/replicas.repository';
import { ReadingService } from './log/reading.service';
import { SendingService } from './log/sending.service';
import { MessageChangesService } from './messages/message-changes.service';
import { MessageSendingService } from './messages/message-sending.service';
import { MentionsRepository } from './mentions/mentions.repository';
import { MentionsService } from './mentions/mentions.service';
import { MessagesController } from './messages/messages.controller';
import { MessagesRepository } from './messages/messages.repository';
import { InviteesService } from './members/invitees.service';
import { JoiningService } from './members/joining.service';
import { MembersController } from './members/members.controller';
import { MembersRepository } from './members/members.repository';
import { MembersService } from './members/members.service';
import { ReadMarksService } from './members/read-marks.service';
import { StandingService } from './members/standing.service';
import { PresenceController } from './presence/presence.controller';
import { PresenceRepository } from './presence/presence.repository';
import { PresenceService } from './presence/presence.service';
import { PresenceUpkeep } from './presence/presence.upkeep';
import { TypingService } from './presence/typing.service';
import { ReactionsController } from './reactions/reactions.controller';
import { ReactionsRepository } from './reactions/reactions.repository';
import { ReactionsService } from './reactions/reactions.service';
import { RoomNamesRepository } from './rooms/room-names.repository';
import { RoomsController } from './rooms/rooms.controller';
import { RoomsRepository } from './rooms/rooms.repository';
import { RoomsService } from './rooms/rooms.service';
import { Indexer } from './search/indexer';
import { IndexingRepository } from './search/indexing.repository';
import { IndexingService } from './search/indexing.service';
import { SearchController } from './search/search.controller';
import { SearchFilters } from './search/search-filters.service';
import { SearchRepository } from './search/search.repository';
import { SearchService } from './search/search.service';
import { SearchTurns } from './search/search-turns';

@Module({
  controllers: [
    RoomsController,
    MembersController,
    ErasureController,
    MessagesController,
    ReactionsController,
    SearchController,
    DeliveryController,
    PresenceController,
  ],
  providers: [
    ChatHealth,
    LogService,
    LogRepository,
    OutboxService,
    OutboxRepository,
    ReplicasRepository,
    SendingService,
    ReadingService,
    ReadingTurns,
    Deliveries,
    MessagesService,
    MessageChangesService,
    MessageSendingService,
    MentionsService,
    MentionsRepository,
    MessagesRepository,
    ReactionsService,
    ReactionsRepository,
    DeliveryService,
    DeliveryRepository,
    RoomsService,
    RoomsRepository,
    RoomNamesRepository,
    BoundsService,
    BoundsRepository,
    MembersService,
    MembersRepository,
    ReadMarksService,
    JoiningService,
    InviteesService,
    StandingService,
    TypingService,
    PresenceService,
    PresenceRepository,
    PresenceUpkeep,
    ErasureService,
    ErasureRepository,
    DeletionsSweep,
    DeletionsRepository,
    SearchService,
    SearchFilters,
    SearchRepository,
    SearchTurns,
    IndexingService,
    IndexingRepository,
    Indexer,
  ],
})
export class ChatModule {}

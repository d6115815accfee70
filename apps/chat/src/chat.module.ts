import { Module } from '@nestjs/common';
import { AttachmentsModule } from './attachments/attachments.module';
import { BoundsModule } from './bounds/bounds.module';
import { DeletionModule } from './deletion/deletion.module';
import { DeliveryModule } from './delivery/delivery.module';
import { ErasureModule } from './erasure/erasure.module';
import { HealthModule } from './health/health.module';
import { InvitationsModule } from './invitations/invitations.module';
import { LogModule } from './log/log.module';
import { MembersModule } from './members/members.module';
import { MentionsModule } from './mentions/mentions.module';
import { MessagesModule } from './messages/messages.module';
import { PinsModule } from './pins/pins.module';
import { PreferencesModule } from './preferences/preferences.module';
import { PresenceModule } from './presence/presence.module';
import { ReactionsModule } from './reactions/reactions.module';
import { RoomsModule } from './rooms/rooms.module';
import { SearchModule } from './search/search.module';
import { ThreadsModule } from './threads/threads.module';

/** Rooms, what is said in them, and who is there. A capability is a folder; each stands on those before it. */
@Module({
  imports: [
    LogModule,
    BoundsModule,
    DeletionModule,
    MembersModule,
    PreferencesModule,
    MentionsModule,
    AttachmentsModule,
    RoomsModule,
    InvitationsModule,
    ThreadsModule,
    MessagesModule,
    ReactionsModule,
    PinsModule,
    PresenceModule,
    SearchModule,
    ErasureModule,
    HealthModule,
    DeliveryModule,
  ],
})
export class ChatModule {}

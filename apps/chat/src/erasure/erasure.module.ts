import { Module } from '@nestjs/common';
import { AttachmentsModule } from '../attachments/attachments.module';
import { BoundsModule } from '../bounds/bounds.module';
import { DeletionModule } from '../deletion/deletion.module';
import { LogModule } from '../log/log.module';
import { MembersModule } from '../members/members.module';
import { PreferencesModule } from '../preferences/preferences.module';
import { PresenceModule } from '../presence/presence.module';
import { ReactionsModule } from '../reactions/reactions.module';
import { ThreadsModule } from '../threads/threads.module';
import { ErasureController } from './erasure.controller';
import { ErasureRepository } from './erasure.repository';
import { ErasureService } from './erasure.service';

/** What a user who is gone leaves behind. */
@Module({
  imports: [
    AttachmentsModule,
    BoundsModule,
    DeletionModule,
    LogModule,
    MembersModule,
    PreferencesModule,
    PresenceModule,
    ReactionsModule,
    ThreadsModule,
  ],
  controllers: [ErasureController],
  providers: [ErasureService, ErasureRepository],
})
export class ErasureModule {}

import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module';
import { MembersModule } from '../members/members.module';
import { PreferencesController } from './preferences.controller';
import { PreferencesRepository } from './preferences.repository';
import { PreferencesService } from './preferences.service';

/** How people want to have their rooms. */
@Module({
  imports: [LogModule, MembersModule],
  controllers: [PreferencesController],
  providers: [PreferencesService, PreferencesRepository],
  exports: [PreferencesRepository],
})
export class PreferencesModule {}

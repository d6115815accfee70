import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module';
import { ApiKeysController } from './api-keys.controller';
import { ApiKeysRepository } from './api-keys.repository';
import { ApiKeysService } from './api-keys.service';
import { ApiKeysUpkeep } from './api-keys.upkeep';

/** Keys by which server programs call. */
@Module({
  imports: [EventsModule],
  controllers: [ApiKeysController],
  providers: [ApiKeysRepository, ApiKeysService, ApiKeysUpkeep],
  exports: [ApiKeysService],
})
export class ApiKeysModule {}

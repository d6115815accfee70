import { Module } from '@nestjs/common';
import { AccessController } from './access.controller';
import { AccessService } from './access.service';

/** What somebody may do, for programs that ask. */
@Module({
  controllers: [AccessController],
  providers: [AccessService],
})
export class AccessModule {}

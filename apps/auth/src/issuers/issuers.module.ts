import { Module } from '@nestjs/common';
import { ExternalModule } from '../external/external.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { IssuersService } from './issuers.service';

/** Tokens of others who are trusted. */
@Module({
  imports: [ExternalModule, SessionsModule, UsersModule],
  providers: [IssuersService],
  exports: [IssuersService],
})
export class IssuersModule {}

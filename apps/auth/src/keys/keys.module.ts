import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { keysProvider, KeysService } from './keys.service';

/** The keys that sign access tokens. */
@Module({
  imports: [JwtModule.register({})],
  providers: [keysProvider],
  exports: [KeysService],
})
export class KeysModule {}

import { Module } from '@nestjs/common';
import { GuardsModule } from './guards/guards.module';
import { HealthController } from './health/health.controller';
import { HealthService } from './health/health.service';
import { KeysController } from './http/keys/keys.controller';
import { RestModule } from './http/rest.module';
import { SocketModule } from './socket/socket.module';

/** The public door: REST and Socket.IO. It holds clients of auth and chat, and no data of its own. */
@Module({
  imports: [GuardsModule, RestModule, SocketModule],
  controllers: [KeysController, HealthController],
  providers: [HealthService],
})
export class GatewayModule {}

import { Module } from '@nestjs/common';
import { GuardsModule } from '../guards/guards.module';
import { CallPipeline } from './call-pipeline';
import { CallsUnderWay } from './calls-under-way';
import { CallsService } from './calls.service';
import { ChatGateway } from './chat.gateway';
import { ConnectionLimit } from './connection-limit';
import { Connections } from './connections';
import { DeliveryListener } from './delivery.listener';
import { FanOut } from './fan-out.service';
import { Interest } from './interest';
import { PresenceBoard } from './presence-board';
import { PresenceReports } from './presence-reports';
import { WebSocketDoor } from './web-socket.door';

/** The doors of those who stay connected. */
@Module({
  imports: [GuardsModule],
  providers: [
    ChatGateway,
    CallsService,
    CallPipeline,
    CallsUnderWay,
    ConnectionLimit,
    Connections,
    FanOut,
    Interest,
    PresenceBoard,
    PresenceReports,
    DeliveryListener,
    WebSocketDoor,
  ],
  exports: [Connections],
})
export class SocketModule {}

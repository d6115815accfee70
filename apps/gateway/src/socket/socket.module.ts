import { Module } from '@nestjs/common';
import { CallPipeline } from './call-pipeline';
import { CallRates } from './call-rates';
import { CallsUnderWay } from './calls-under-way';
import { CallsService } from './calls.service';
import { ChatGateway } from './chat.gateway';
import { ConnectionLimit } from './connection-limit';
import { DeliveryListener } from './delivery.listener';
import { FanOut } from './fan-out.service';

/** The Socket.IO door. */
@Module({
  providers: [
    ChatGateway,
    CallsService,
    CallPipeline,
    CallRates,
    CallsUnderWay,
    ConnectionLimit,
    FanOut,
    DeliveryListener,
  ],
})
export class SocketModule {}

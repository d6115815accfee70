import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module';
import { LogModule } from '../log/log.module';
import { DeliveryController } from './delivery.controller';
import { DeliveryRepository } from './delivery.repository';
import { DeliveryService } from './delivery.service';

/** What gateways hear. */
@Module({
  imports: [HealthModule, LogModule],
  controllers: [DeliveryController],
  providers: [DeliveryService, DeliveryRepository],
})
export class DeliveryModule {}

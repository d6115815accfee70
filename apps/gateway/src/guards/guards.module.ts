import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { Config } from '@veche/config';
import { LimitsModule } from '@veche/limits';
import { AccessAudit } from './access-audit';
import { AccessGuard } from './access.guard';
import { BearerStrategy } from './bearer.strategy';
import { CostInterceptor } from './cost.interceptor';
import { IdentityGuard } from './identity.guard';
import { RateGuard, rates } from './rate.guard';

/** Who is it, not too often, may they: before every REST handler, in this order. */
@Module({
  imports: [
    DiscoveryModule,
    LimitsModule,
    ThrottlerModule.forRootAsync({ inject: [Config], useFactory: rates }),
  ],
  providers: [
    AccessAudit,
    BearerStrategy,
    { provide: APP_INTERCEPTOR, useClass: CostInterceptor },
    { provide: APP_GUARD, useClass: IdentityGuard },
    { provide: APP_GUARD, useClass: RateGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [LimitsModule],
})
export class GuardsModule {}

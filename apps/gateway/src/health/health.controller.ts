import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { Access } from '@veche/access';
import type { CallContext } from '@veche/rpc';
import { Fails } from '../http/docs/fails';
import { Ctx } from '../http/requests/context';
import { HealthDto } from './health.dto';
import { HealthService } from './health.service';

@ApiTags('health')
@SkipThrottle({ calls: true })
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** Whether this process runs. */
  @Get('live')
  @Fails()
  @Access('public')
  live(): HealthDto {
    return { status: 'ok' };
  }

  /** Whether this process can serve: auth and chat answer it. */
  @Get('ready')
  @Fails()
  @Access('public')
  async ready(@Ctx() ctx: CallContext): Promise<HealthDto> {
    await this.health.assertReady(ctx.requestId);
    return { status: 'ok' };
  }
}

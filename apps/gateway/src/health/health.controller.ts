import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { Access } from '@veche/access';
import type { FastifyReply } from 'fastify';
import { Fails } from '../http/docs/fails';
import { HealthDto, LiveDto } from './health.dto';
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
  live(): LiveDto {
    return { status: 'ok' };
  }

  /**
   * Whether this process can serve, and what it lacks. Answers 503 where auth or chat has not been able to work for
   * half a minute, or never was.
   */
  @Get('ready')
  @ApiOkResponse({ type: HealthDto })
  @Fails()
  @ApiServiceUnavailableResponse({ type: HealthDto })
  @Access('public')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    const health = await this.health.ready();
    void reply.status(health.status === 'unavailable' ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK);
    return health;
  }
}

import { Controller, Get, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { clientAddress } from '@veche/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Connections } from '../../socket/connections';
import { EventStreamTransport } from '../../socket/event-stream.transport';
import { Fails } from '../docs/fails';
import type { JsonServer } from '../http-server';
import { bearerOf } from '../requests/context';

const EVENT_STREAM = 'text/event-stream';

@ApiTags('events')
@Controller('events')
export class EventsController {
  constructor(
    private readonly connections: Connections,
    private readonly host: HttpAdapterHost<JsonServer>,
  ) {}

  /**
   * What happens from now on in the user's rooms, as server-sent events, for as long as the session lasts.
   * @remarks The events are those of the sockets (`/docs/events`), `ready` the first. What was before is read by the
   * events of each room.
   */
  @Get()
  @ApiOkResponse({
    description: 'A stream that does not end',
    content: { [EVENT_STREAM]: { schema: { type: 'string' } } },
  })
  @Fails()
  @Access('messages.read')
  async stream(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const admitted = await this.connections.admit(bearerOf(request), clientAddress(request.ip));
    const { raw: answer } = reply;
    /** Of pipelined answers only the first knows of the connection's end. */
    const onceGone = (then: () => void): void => {
      answer.once('close', then);
      request.raw.socket.once('close', then);
      if (request.raw.socket.destroyed) then();
    };
    onceGone(admitted.leave);
    void reply.header('content-type', EVENT_STREAM).header('x-accel-buffering', 'no').hijack();
    this.host.httpAdapter.staysOpen(answer);
    // what was there for this answer (CORS, for instance) goes with it: the framework sends nothing more
    answer.writeHead(200, reply.getHeaders() as Record<string, string>).flushHeaders();
    if (request.method === 'HEAD') return void answer.end();
    const connection = this.connections.begin(new EventStreamTransport(answer), admitted);
    onceGone(() => this.connections.closed(connection));
  }
}

import { Module } from '@nestjs/common';

/** The public door: REST and Socket.IO. It holds clients of auth and chat, and no data of its own. */
@Module({ imports: [] })
export class GatewayModule {}

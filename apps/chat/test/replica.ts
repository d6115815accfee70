import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Bus } from '@veche/bus';
import { DatabaseModule } from '@veche/database';
import { CHAT_DATABASE } from '../src/chat.database';
import { ChatModule } from '../src/chat.module';

/** One chat process as its services see it: several on one database and one bus are replicas. */
export interface Replica {
  get<T>(type: Type<T>): T;
  close(): Promise<void>;
}

class BusOfTest {}

export const startReplica = async (url: string, bus: Bus, poolSize = 10): Promise<Replica> => {
  const module = await Test.createTestingModule({
    imports: [
      DatabaseModule.forRoot({ ...CHAT_DATABASE, url, poolSize }),
      { module: BusOfTest, global: true, providers: [{ provide: Bus, useValue: bus }], exports: [Bus] },
      ChatModule,
    ],
  }).compile();
  await module.init();
  return { get: (type) => module.get(type, { strict: false }), close: () => module.close() };
};

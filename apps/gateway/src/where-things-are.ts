import type { Config } from '@veche/config';

/** What to tell whoever has started it. @param url where the gateway listens */
export const whereThingsAre = (url: string, config: Config): string[] => [
  `Veche is ready: open ${url}`,
  `Every REST call, to try out: ${url}/docs`,
  `REST ${url}/api/v1, Socket.IO ${url}/chat, gRPC ${config.AUTH_GRPC_URL} and ${config.CHAT_GRPC_URL}`,
];

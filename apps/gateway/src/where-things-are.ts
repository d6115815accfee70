import type { Config } from '@veche/config';

/** What to tell whoever has started it. @param url where the gateway listens */
export const whereThingsAre = (url: string, config: Config): string[] => [
  `Veche is ready: ${url}/docs has every REST call, to try out`,
  `REST ${url}/api/v1, Socket.IO ${url}/chat, gRPC ${config.AUTH_GRPC_URL} and ${config.CHAT_GRPC_URL}`,
];

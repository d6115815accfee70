export { Config } from './config';
export { loadConfig } from './load-config';
export { ConfigModule } from './config.module';
export { ROOT } from './root';
export { grpcTargetOf } from './grpc-address';

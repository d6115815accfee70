export { Config, filesFolder } from './config';
export { ConfigurationError } from './configuration-error';
export { loadConfig, readConfig } from './load-config';
export { SECRETS } from './sources';
export { ConfigModule } from './config.module';
export { ROOT } from './root';
export { grpcTargetOf } from './grpc-address';
export { runsOn, VERSION } from './runs-on';
export { type TlsFiles, tlsFilesOf } from './tls-files';

import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { LimitsModule } from '@veche/limits';
import { RpcPipeline, SERVICE_TOKEN } from './pipeline';

/**
 * The clients of this process and what stands before its handlers. Composition roots choose `local` or `remote`
 * for each contract here, and nowhere else. The {@link Authenticator} comes from a global module of the root.
 */
@Module({})
export class RpcModule {
  static forRoot(serviceToken: string, clients: readonly Provider[]): DynamicModule {
    const tokens = clients.map((c) => (c as { provide: symbol }).provide);
    return {
      module: RpcModule,
      global: true,
      imports: [LimitsModule],
      providers: [{ provide: SERVICE_TOKEN, useValue: serviceToken }, RpcPipeline, ...clients],
      exports: [SERVICE_TOKEN, RpcPipeline, ...tokens],
    };
  }
}

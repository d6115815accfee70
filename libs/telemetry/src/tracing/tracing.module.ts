import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@veche/config';

const END = Symbol('END');

@Injectable()
class Tracing implements OnApplicationShutdown {
  constructor(@Inject(END) private readonly end: () => Promise<void>) {}

  /** After the last answer: it is in a span as well. */
  async onApplicationShutdown(): Promise<void> {
    await this.end();
  }
}

/** Traces over OTLP, where the configuration has a receiver for them. Without one nothing of it is even loaded. */
@Module({})
export class TracingModule {
  /** @param service what runs in the process */
  static forRoot(config: Config, service: string): DynamicModule {
    const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
    if (endpoint === undefined) return { module: TracingModule };
    const open = (): (() => Promise<void>) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it for everybody
      const { openTracing } = require('./open-tracing') as typeof import('./open-tracing');
      return openTracing({
        endpoint,
        headers: config.OTEL_EXPORTER_OTLP_HEADERS,
        service: config.OTEL_SERVICE_NAME ?? service,
        resource: config.OTEL_RESOURCE_ATTRIBUTES,
        ratio: config.OTEL_TRACES_SAMPLER === 'parentbased_always_on' ? 1 : config.OTEL_TRACES_SAMPLER_ARG,
      });
    };
    return { module: TracingModule, providers: [{ provide: END, useFactory: open }, Tracing] };
  }
}

import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Config, VERSION } from '@veche/config';
import { MetricsServer } from './metrics-server';
import { measureProcess } from './process.metrics';

/** What can run in a process, and where each tells its metrics unless it is told where. */
const PORTS = { gateway: 9464, monolith: 9464, auth: 9465, chat: 9466 };
type Service = keyof typeof PORTS;

const SERVICE = Symbol('SERVICE');

@Injectable()
class MetricsDoor implements OnApplicationBootstrap, OnApplicationShutdown {
  private server?: MetricsServer;

  constructor(
    @Inject(SERVICE) private readonly service: Service,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    const port = this.config.METRICS_PORT ?? PORTS[this.service];
    if (port === 0) return;
    measureProcess(this.service, VERSION);
    this.server = new MetricsServer(this.config.METRICS_HOST, port);
    this.server.open();
  }

  /** The last of all: that a process is stopping, and how, shows as well. */
  async onApplicationShutdown(): Promise<void> {
    await this.server?.close();
  }
}

/** What a process measures, for Prometheus to read. */
@Module({})
export class MetricsModule {
  static forRoot(service: Service): DynamicModule {
    return { module: MetricsModule, providers: [{ provide: SERVICE, useValue: service }, MetricsDoor] };
  }
}

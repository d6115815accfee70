export { MetricsModule } from './metrics.module';
export { measureProcess } from './process.metrics';
export { counter, gauge, histogram, registry, secondsSince, watched } from './registry';

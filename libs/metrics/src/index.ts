export { MetricsModule } from './metrics.module';
export { counter, gauge, histogram, secondsSince, watched } from './registry';

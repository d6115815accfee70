export { Bus } from './bus';
export { BusModule } from './bus.module';

export { Bus, type Message, type Receive, type Subscription, type Topic } from './bus';
export { BusModule } from './bus.module';

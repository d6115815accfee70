export { Bus, type Message, type Receive, type Subscription, type Topic } from './bus';
export { BusModule } from './bus.module';
export { lookAtKafka } from './look-at-kafka';

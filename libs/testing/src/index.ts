export { Certificates, type Certified } from './certificates';
export { embeddedFolder, embeddedTemplate, embeddedWorker } from './embedded';
export { eventually } from './eventually';
export { freePort } from './free-port';
export { openTestDatabase, type TestDatabase, testDatabaseUrl, type TestDatabaseUrl } from './test-database';
export { describeWithRedis, redisUrl, startRedis, type TestRedis } from './test-redis';
export { OtlpReceiver, type ReceivedSpan } from './otlp-receiver';
export {
  describeWithKafka,
  type KafkaDoor,
  kafkaServes,
  prepareKafka,
  startKafka,
  type TestKafka,
} from './test-kafka';

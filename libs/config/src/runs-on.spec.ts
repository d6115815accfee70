import { Config } from './config';
import { runsOn } from './runs-on';

const configured = (values: Partial<Config>): Config => Object.assign(new Config(), values);

describe('the line that a process begins its log with', () => {
  it('tells of nothing that was set', () => {
    expect(runsOn('everything', configured({}))).toMatch(
      /^Veche \d+\.\d+\.\d+ \(everything\) on Node [\d.]+: the embedded database, cache and bus in this process’s memory$/,
    );
  });

  it('names databases and Redis, and shows no secret', () => {
    const config = configured({
      AUTH_DATABASE_URL: 'postgres://olga:hunter2@db.example.org:5433/auth',
      CHAT_DATABASE_URL: 'postgres://olga:hunter2@[::1]:5432/chat?sslmode=require',
      REDIS_URL: 'redis://:hunter2@127.0.0.1:6379/1',
    });
    expect(runsOn('everything', config)).toMatch(
      /: PostgreSQL at db.example.org:5433\/auth and PostgreSQL at \[::1\]:5432\/chat, cache and bus in Redis at 127.0.0.1:6379\/1$/,
    );
    expect(runsOn('chat', config)).toContain(': PostgreSQL at [::1]:5432/chat,');
    expect(runsOn('everything', config)).not.toMatch(/hunter2|olga/);
  });

  it('tells what the bus is apart from the cache, where it is Kafka', () => {
    const [KAFKA_BROKERS, REDIS_URL] = [['one:9092', 'two:9092'], 'redis://:hunter2@127.0.0.1:6379'];
    expect(runsOn('chat', configured({ KAFKA_BROKERS }))).toMatch(
      /, no cache, bus in Kafka at one:9092,two:9092$/,
    );
    expect(runsOn('auth', configured({ KAFKA_BROKERS, REDIS_URL }))).toMatch(
      /, cache in Redis at 127.0.0.1:6379, bus in Kafka at one:9092,two:9092$/,
    );
  });

  it('of a gateway names the services', () => {
    expect(runsOn('gateway', configured({ AUTH_GRPC_URL: '10.0.0.1:1,10.0.0.2:1' }))).toMatch(
      /: auth at 10.0.0.1:1,10.0.0.2:1, chat at 127.0.0.1:50052$/,
    );
  });
});

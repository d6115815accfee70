import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from './config';
import { grpcTargetOf } from './grpc-address';
import { loadConfig, OPTIONAL } from './load-config';

describe('the configuration', () => {
  const before = { ...process.env };
  /** With these variables, and no other of ours. */
  const load = (variables: Record<string, string>, ...required: Parameters<typeof loadConfig>) => {
    const unset = Object.fromEntries([...Object.keys(new Config()), ...OPTIONAL].map((name) => [name, '']));
    process.env = { ...before, ...unset, ...variables };
    return loadConfig(...required);
  };
  afterEach(() => {
    process.env = before;
  });

  it('needs nothing to be set', () => {
    expect(load({})).toMatchObject({ HOST: '127.0.0.1', PORT: 8080, DATA_DIR: './data', APPS: ['veche'] });
  });

  it.each([
    ['off', 0],
    ['0', 0],
    ['9100', 9100],
  ])('reads METRICS_PORT=%s', (text, port) => {
    expect(load({ METRICS_PORT: text }).METRICS_PORT).toBe(port);
  });

  it.each(['on', '-1', '65536', '9.5'])('refuses METRICS_PORT=%s', (text) => {
    expect(() => load({ METRICS_PORT: text })).toThrow('METRICS_PORT must be a port, or off');
  });

  it('reads numbers, lists and flags', () => {
    const config = load({ PORT: '9000', APPS: 'veche, shop', TRUST_PROXY: 'true', SECURE_COOKIES: 'false' });
    expect(config).toMatchObject({
      PORT: 9000,
      APPS: ['veche', 'shop'],
      TRUST_PROXY: true,
      SECURE_COOKIES: false,
    });
  });

  it('reads names with values, and parts of one', () => {
    expect(
      load({ OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b%2Cc, team = chat', OTEL_TRACES_SAMPLER_ARG: '.25' }),
    ).toMatchObject({
      OTEL_EXPORTER_OTLP_HEADERS: { 'api-key': 'a b,c', team: 'chat' },
      OTEL_TRACES_SAMPLER_ARG: 0.25,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const { PORT, DATABASE_URL } = load({ PORT: '', DATABASE_URL: '' });
    expect([PORT, DATABASE_URL]).toEqual([8080, undefined]);
  });

  it('has one database for both services, unless each has its own', () => {
    const [one, own] = ['postgres://one/veche', 'postgres://two/chat'];
    expect(load({ DATABASE_URL: one, CHAT_DATABASE_URL: own })).toMatchObject({
      AUTH_DATABASE_URL: one,
      CHAT_DATABASE_URL: own,
    });
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['PORT', '80.5'],
    ['TRUST_PROXY', 'yes'],
    ['DATABASE_URL', 'mysql://hunter22@there'],
    ['REDIS_URL', 'hunter22'],
    ['REDIS_URL', 'redis://:@redis:6379'],
    ['KAFKA_BROKERS', 'kafka'],
    ['KAFKA_BROKERS', 'kafka://one:9092,two:9092'],
    ['KAFKA_TOPIC_PREFIX', 'of a test'],
    ['KAFKA_PARTITIONS', 'many'],
    ['KAFKA_TLS', 'yes'],
    ['KAFKA_SASL_MECHANISM', 'GSSAPI'],
    ['AUTH_DATABASE_URL', 'postgres://auth:@postgres:5432/auth'],
    ['JWT_SECRET', 'hunter22'],
    ['SERVICE_TOKEN', 'hunter22'],
    ['REGISTRATION', 'sometimes'],
    ['LOG_LEVEL', 'loud'],
    ['AUTH_GRPC_URL', 'no port'],
    ['CHAT_GRPC_URL', 'one:1,two:2'],
    ['CHAT_GRPC_URL', '10.0.0.1:1,[::1]:2'],
    ['GRPC_URL', '10.0.0.1:1,10.0.0.2:1'],
    ['GRPC_URL', '::1:50051'],
    ['CORS_ORIGINS', 'https://chat.example.org/'],
    ['CORS_ORIGINS', '*'],
    ['APPS', 'Veche'],
    ['APPS', 'veche,,hunter22'],
    ['ACCESS_TOKEN_TTL', '0'],
    ['RATE_LIMIT', '1e3'],
    ['DATABASE_POOL', '201'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'hunter22'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'key=%hunter22'],
    ['OTEL_TRACES_SAMPLER', 'always_off'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
  ])('does not start with a bad %s, and says its name and not its value', (name, value) => {
    expect(() => load({ [name]: value })).toThrow(
      expect.objectContaining({ message: expect.stringContaining(name) }),
    );
    expect(() => load({ [name]: value })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(value) }),
    );
  });

  it('says in one sentence for each what to write, in words', () => {
    const bad = Object.fromEntries([...Object.keys(new Config()), ...OPTIONAL].map((name) => [name, ' ']));
    let message = '';
    try {
      load(bad);
    } catch (error) {
      ({ message } = error as Error);
    }
    const sentences = message.replace('Configuration: ', '').split('; ');
    expect(sentences.map((sentence) => sentence.split(' ')[0]).sort()).toEqual(Object.keys(bad).sort());
    for (const sentence of sentences) {
      expect(sentence).toMatch(/^[A-Z_]+ must be (a|at|one|origins|names|some|the|true|host:port)/);
      // nothing that only somebody who writes programs reads
      expect(sentence).not.toMatch(/regular expression|[\\^$]|each value|undefined|null|instance/);
    }
  });

  it.each([
    ['127.0.0.1:50051', 'ipv4:127.0.0.1:50051'],
    ['10.0.0.1:1, 10.0.0.2:2', 'ipv4:10.0.0.1:1,10.0.0.2:2'],
    ['[::1]:50051', 'ipv6:[::1]:50051'],
    ['[fe80::1%eth0]:50051', 'ipv6:[fe80::1%eth0]:50051'],
    ['[2001:db8::1]:1,[2001:db8::2]:1', 'ipv6:[2001:db8::1]:1,[2001:db8::2]:1'],
    ['[::ffff:10.0.0.1]:50051', 'ipv6:[::ffff:10.0.0.1]:50051'],
    ['localhost:50051', 'dns:///localhost:50051'],
    ['auth:50051', 'dns:///auth:50051'],
    ['auth_1.veche-net.local.:50051', 'dns:///auth_1.veche-net.local.:50051'],
    ['dns:auth:50051', 'dns:///auth:50051'],
    ['dns:///auth:50051', 'dns:///auth:50051'],
    ['ipv4:10.0.0.1:1,10.0.0.2:1', 'ipv4:10.0.0.1:1,10.0.0.2:1'],
    ['ipv6:[::1]:1', 'ipv6:[::1]:1'],
    ['unix:/run/veche/auth.sock', 'unix:/run/veche/auth.sock'],
    ['unix:///run/veche/auth.sock', 'unix:///run/veche/auth.sock'],
    ['unix:auth.sock', 'unix:auth.sock'],
  ])('finds a service at %s, as gRPC has it', (address, target) => {
    expect(grpcTargetOf(load({ AUTH_GRPC_URL: address }).AUTH_GRPC_URL)).toBe(target);
  });

  it.each([
    ...['auth', ':50051', 'auth:', 'auth:65536', '::1:50051', '[::1]', '[auth]:1', '1.2.3:4', '1.2.3.256:4'],
    ...['http://auth:50051', 'auth:50051/x', 'a:1,b:1', '1.1.1.1:1,', '1.1.1.1:1,[::1]:1', 'ipv4:auth:1'],
    ...['ipv6:1.1.1.1:1', 'dns:1.1.1.1:1,1.1.1.2:1', 'unix:', 'unix:/a b', 'au th:1', '-auth:1'],
  ])('finds no service at %s', (address) => {
    expect(() => load({ AUTH_GRPC_URL: address })).toThrow('AUTH_GRPC_URL must be host:port');
  });

  it('does not use Redis or Kafka without the secret by which it knows its own in there', () => {
    const REDIS_URL = 'redis://127.0.0.1:6379';
    expect(() => load({ REDIS_URL })).toThrow('SERVICE_TOKEN must be set');
    expect(load({ REDIS_URL, SERVICE_TOKEN: 'a-credential-of-a-test' })).toMatchObject({ REDIS_URL });
    const KAFKA_BROKERS = 'one:9092, two.example.org:9092';
    expect(() => load({ KAFKA_BROKERS })).toThrow('SERVICE_TOKEN must be set');
    expect(load({ KAFKA_BROKERS, SERVICE_TOKEN: 'a-credential-of-a-test' })).toMatchObject({
      KAFKA_BROKERS: ['one:9092', 'two.example.org:9092'],
    });
  });

  it.each(['MECHANISM', 'USERNAME', 'PASSWORD'])(
    'takes for Kafka a mechanism, a name and a password, and not KAFKA_SASL_%s alone',
    (one) => {
      const all = { MECHANISM: 'PLAIN', USERNAME: 'veche', PASSWORD: 'hunter22' };
      const given = Object.entries(all).map(([name, value]) => [`KAFKA_SASL_${name}`, value] as const);
      expect(load(Object.fromEntries(given))).toMatchObject(Object.fromEntries(given));
      const [alone, others] = [true, false].map((is) => given.filter(([name]) => name.endsWith(one) === is));
      for (const [name] of others ?? [])
        expect(() => load(Object.fromEntries(alone ?? []))).toThrow(`${name} must be set`);
    },
  );

  it('does not start without what the process needs', () => {
    expect(() => load({}, ['SERVICE_TOKEN', 'AUTH_DATABASE_URL'])).toThrow(
      'SERVICE_TOKEN must be set; AUTH_DATABASE_URL must be set',
    );
  });

  describe('in files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'veche-config-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };

    it('is read beside the environment, which wins', () => {
      const CONFIG_FILE = file(
        'veche.yaml',
        'PORT: 9000\nHOST: 0.0.0.0\nTRUST_PROXY: true\nREDIS_URL:\nCORS_ORIGINS:\n  - https://a.example\n  - https://b.example\n',
      );
      expect(load({ CONFIG_FILE, HOST: '::1' })).toMatchObject({
        PORT: 9000,
        HOST: '::1',
        TRUST_PROXY: true,
        CORS_ORIGINS: ['https://a.example', 'https://b.example'],
      });
    });

    it.each([
      ['an unknown name', 'POTR: 9000', 'POTR in'],
      ['a name of somebody else', 'PGPORT: 5432', 'PGPORT in'],
      ['a bad value', 'PORT: hunter22', 'PORT must be'],
      ['a value within values', 'PORT: {a: hunter22}', 'PORT in'],
      ['no YAML', 'PORT: "hunter22', 'must be YAML'],
      ['a list', '- hunter22', 'must be YAML'],
    ])('is refused with %s, and shows no value', (_what, content, words) => {
      const CONFIG_FILE = file('bad.yaml', content);
      expect(() => load({ CONFIG_FILE })).toThrow(words);
      expect(() => load({ CONFIG_FILE })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter22') }),
      );
    });

    it('is refused where the file is not there', () => {
      expect(() => load({ CONFIG_FILE: join(folder, 'nowhere.yaml') })).toThrow(
        'CONFIG_FILE must name a file that can be read (ENOENT)',
      );
    });

    it('has secrets as the contents of files, wherever those are named', () => {
      const JWT_SECRET = 'a-secret-of-a-test-that-is-long-enough';
      const CONFIG_FILE = file('secret.yaml', `JWT_SECRET_FILE: ${file('jwt', `${JWT_SECRET}\n`)}`);
      const SERVICE_TOKEN_FILE = file('token', 'a-credential-of-a-test');
      expect(load({ CONFIG_FILE, SERVICE_TOKEN_FILE })).toMatchObject({
        JWT_SECRET,
        SERVICE_TOKEN: 'a-credential-of-a-test',
      });
    });

    it('is refused where a secret cannot be read, is bad, or stands twice', () => {
      expect(() => load({ SERVICE_TOKEN_FILE: join(folder, 'nowhere') })).toThrow(
        'SERVICE_TOKEN_FILE must name a file that can be read (ENOENT)',
      );
      const SERVICE_TOKEN_FILE = file('short', 'hunter22');
      expect(() => load({ SERVICE_TOKEN_FILE })).toThrow('SERVICE_TOKEN must be at least 16 characters');
      expect(() => load({ SERVICE_TOKEN_FILE, SERVICE_TOKEN: 'a-credential-of-a-test' })).toThrow(
        'SERVICE_TOKEN and SERVICE_TOKEN_FILE are both set',
      );
      expect(() => load({ SERVICE_TOKN_FILE: 'x' })).toThrow('is it SERVICE_TOKEN_FILE?');
    });
  });
});

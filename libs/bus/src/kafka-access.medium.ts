import { Test } from '@nestjs/testing';
import { alterUserScramCredentialsV0, Connection } from '@platformatic/kafka';
import { Config } from '@veche/config';
import {
  Certificates,
  type Certified,
  describeWithKafka,
  eventually,
  startKafka,
  type TestKafka,
} from '@veche/testing';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Bus, BusModule, lookAtKafka } from '.';

const SECRET = 'a secret of this test';
const [USER, PASSWORD] = ['veche', 'a-password-of-this-test'];
const SCRAM_SHA_512 = 2;

/** As kafka-configs.sh does it. */
const addScramUser = async (broker: string): Promise<void> => {
  const [host = '', port] = broker.split(':');
  const connection = new Connection('test');
  await connection.connect(host, Number(port));
  const [salt, iterations] = [randomBytes(16), 4_096];
  const saltedPassword = pbkdf2Sync(PASSWORD, salt, iterations, 64, 'sha512');
  const user = { name: USER, mechanism: SCRAM_SHA_512, iterations, salt, saltedPassword };
  await alterUserScramCredentialsV0.api.async(connection, [], [user]);
  await connection.close();
};

describeWithKafka('Kafka over TLS', () => {
  const certificates = new Certificates();
  let kafka: TestKafka;
  let [ca, foreignCa, client]: Certified[] = [];
  beforeAll(async () => {
    [ca, foreignCa] = ['ca', 'foreign'].map((name) => certificates.ca(name)) as [Certified, Certified];
    const broker = certificates.signed('broker', ca, 'IP:127.0.0.1');
    client = certificates.signed('client', ca, 'DNS:veche');
    const pem = [broker.key, broker.cert].map((path) => readFileSync(path, 'utf8')).join('\n');
    const clientCa = readFileSync(ca.cert, 'utf8');
    kafka = await startKafka({}, { pem, users: { [USER]: PASSWORD }, clientCa });
    await addScramUser(kafka.broker);
  }, 600_000);
  afterAll(async () => {
    await kafka?.close();
    certificates.remove();
  });

  const password = (settings: Partial<Config> = {}): Config =>
    Object.assign(new Config(), {
      KAFKA_BROKERS: [kafka.secured.byPassword],
      KAFKA_TLS_CA_FILE: ca?.cert,
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: USER,
      KAFKA_SASL_PASSWORD: PASSWORD,
      ...settings,
    });
  const look = (settings: Config) => lookAtKafka(settings, 5_000);

  test.each(['scram', 'plain', 'certificate'] as const)('is the bus by %s', async (by) => {
    const settings =
      by === 'certificate'
        ? Object.assign(new Config(), {
            KAFKA_BROKERS: [kafka.secured.byCertificate],
            KAFKA_TLS_CA_FILE: ca?.cert,
            KAFKA_TLS_CERT_FILE: client?.cert,
            KAFKA_TLS_KEY_FILE: client?.key,
          })
        : password(by === 'plain' ? { KAFKA_SASL_MECHANISM: 'PLAIN' } : {});
    const imports = [BusModule.forRoot(settings, SECRET)];
    const module = await Test.createTestingModule({ imports }).compile();
    const bus = module.get(Bus);
    const heard: string[] = [];
    let whole = false;
    bus.gaps.subscribe(() => (whole = true));
    try {
      bus.subscribe({ name: by }, (messages) =>
        heard.push(...messages.map(({ value }) => Buffer.from(value).toString())),
      );
      await eventually(() => whole && bus.assertConnected().then(() => true));
      await bus.publish({ name: by }, [{ key: 'room', value: Buffer.from('hello') }]);
      await eventually(() => heard.includes('hello'));
      expect(await look(settings)).toMatchObject({ brokers: 1 });
    } finally {
      await module.close();
    }
  });

  const [refused, untrusted] = ['SASL authentication failed', 'unable to verify the first certificate'];
  test.each<[string, () => Partial<Config>, string]>([
    ['another password', () => ({ KAFKA_SASL_PASSWORD: 'another' }), refused],
    [
      'another password in plain text',
      () => ({ KAFKA_SASL_PASSWORD: 'another', KAFKA_SASL_MECHANISM: 'PLAIN' }),
      refused,
    ],
    [
      'a mechanism that it does not offer',
      () => ({ KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256' }),
      'does not support the requested SASL mechanism',
    ],
    ['a CA that has not signed its certificate', () => ({ KAFKA_TLS_CA_FILE: foreignCa?.cert }), untrusted],
    [
      'those CAs alone that Node believes',
      () => ({ KAFKA_TLS: true, KAFKA_TLS_CA_FILE: undefined }),
      untrusted,
    ],
    [
      'an address that its certificate does not have',
      () => ({ KAFKA_BROKERS: [kafka.secured.byPassword.replace('127.0.0.1', 'localhost')] }),
      'does not match certificate',
    ],
    // the connection ends while it is told who we are
    ['no certificate where it asks for one', () => ({ KAFKA_BROKERS: [kafka.secured.byCertificate] }), ''],
    ['no TLS', () => ({ KAFKA_TLS_CA_FILE: undefined }), ''],
  ])('does not let one in with %s, and says so', async (_what, settings, words) => {
    await expect(look(password(settings()))).rejects.toThrow(
      new RegExp(`^no connection to [a-z0-9.]+:\\d+: .*${words}`),
    );
  });

  test('is told of again and again while it does not let one in, and nothing else happens', async () => {
    const imports = [BusModule.forRoot(password({ KAFKA_SASL_PASSWORD: 'another' }), SECRET)];
    const module = await Test.createTestingModule({ imports }).compile();
    const bus = module.get(Bus);
    let gaps = 0;
    bus.gaps.subscribe(() => gaps++);
    try {
      await expect(
        bus.publish({ name: 'refused' }, [{ key: '', value: Buffer.from('lost') }]),
      ).rejects.toThrow();
      await eventually(() => gaps > 1);
      await expect(bus.assertConnected()).rejects.toThrow('out of reach');
    } finally {
      await module.close();
    }
  });
});

import type { INestMicroservice } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Config } from '@veche/config';
import { DELIVERY } from '@veche/contracts';
import { type Client, remote, SERVICE_TOKEN as CREDENTIAL, tlsOf } from '@veche/rpc';
import { Certificates, type Certified, freePort } from '@veche/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDoor, SERVICE_TOKEN } from './door-service';

const files = new Certificates();
let ca: Certified;
let service: Certified;
let other: Certified;
let named: Certified;
let stranger: Certified;
beforeAll(() => {
  ca = files.ca('ca');
  service = files.signed('service', ca, 'IP:127.0.0.1');
  other = files.signed('other', ca, 'DNS:elsewhere.example');
  named = files.signed('named', ca, 'DNS:veche.internal');
  stranger = files.signed('stranger', files.ca('foreign'), 'IP:127.0.0.1');
});
afterAll(() => files.remove());

type Settings = Partial<Config>;
const own = ({ cert, key }: Certified): Settings => ({ GRPC_TLS_CERT_FILE: cert, GRPC_TLS_KEY_FILE: key });
const believes = ({ cert }: Certified): Settings => ({ GRPC_TLS_CA_FILE: cert });
const configured = (settings: Settings): Config => Object.assign(new Config(), settings);

let app: INestMicroservice | undefined;
let url: string;
const serve = async (settings: Settings): Promise<void> => {
  url = `127.0.0.1:${await freePort()}`;
  app = await openDoor(url, settings);
};
afterEach(() => app?.close());

/** What a process that is configured so hears from the service: an answer, or the code of why not. */
const ask = async (settings: Settings, at = url): Promise<string> => {
  const module = await Test.createTestingModule({
    providers: [
      { provide: CREDENTIAL, useValue: SERVICE_TOKEN },
      remote(DELIVERY, at, tlsOf(configured(settings))),
    ],
  }).compile();
  const calling = await module.init();
  try {
    await calling
      .get<Client<typeof DELIVERY.definition>>(DELIVERY.token)
      .getChatHealth({}, { requestId: 'q', deadline: Date.now() + 4_000 });
    return 'answered';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await calling.close();
  }
};
const REFUSED = /^(unavailable|deadline_exceeded)$/;

test('a service with a certificate answers those who believe its CA, and nobody in clear', async () => {
  await serve(own(service));
  expect(await ask(believes(ca))).toBe('answered');
  expect(await ask({})).toMatch(REFUSED);
  expect(await ask(believes(stranger))).toMatch(REFUSED);
});

test('a service whose certificate is for another host is not believed', async () => {
  await serve(own(other));
  expect(await ask(believes(ca))).toMatch(REFUSED);
});

test('of several addresses the name of the certificates is said', async () => {
  await serve(own(named));
  const several = `127.0.0.1:1,${url}`;
  expect(await ask({ ...believes(ca), GRPC_TLS_SERVER_NAME: 'veche.internal' }, several)).toBe('answered');
  expect(await ask({ ...believes(ca), GRPC_TLS_SERVER_NAME: 'elsewhere.example' }, several)).toMatch(REFUSED);
});

test('where it is asked for, only who shows a certificate of the CA is heard', async () => {
  await serve({ ...own(service), ...believes(ca), GRPC_TLS_CLIENT_CERTS: true });
  expect(await ask({ ...own(other), ...believes(ca) })).toBe('answered');
  expect(await ask(believes(ca))).toMatch(REFUSED);
  expect(await ask({ ...own(stranger), ...believes(ca) })).toMatch(REFUSED);
});

test.each([false, true])(
  'its container knows that it serves (certificates of clients: %s)',
  async (mutual) => {
    await serve({ ...own(service), ...believes(ca), GRPC_TLS_CLIENT_CERTS: mutual });
    const env = { PATH: process.env.PATH, GRPC_TLS_CERT_FILE: service.cert, GRPC_TLS_KEY_FILE: service.key };
    const check = spawn(process.execPath, [join(__dirname, '../../deploy/healthy.mjs'), 'grpc', url], {
      env,
    });
    expect((await once(check, 'exit'))[0]).toBe(0);
  },
);

describe('a start with wrong files fails, with the name of the variable', () => {
  const fails = (settings: Settings): string => {
    try {
      tlsOf(configured(settings));
      return 'it did not';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('where there is none', () => {
    const nowhere = { cert: join(files.folder, 'nowhere'), key: join(files.folder, 'nowhere') };
    expect(fails(own(nowhere))).toContain('GRPC_TLS_CERT_FILE must be a file that can be read (ENOENT)');
    expect(fails(believes(nowhere))).toContain('GRPC_TLS_CA_FILE must be a file that can be read (ENOENT)');
    expect(fails(own({ ...service, key: nowhere.key }))).toContain('GRPC_TLS_KEY_FILE must be a file');
  });

  test('where it is something else', () => {
    const garbage = join(files.folder, 'garbage');
    writeFileSync(garbage, 'a secret that nobody needs to read');
    for (const settings of [own({ ...service, cert: garbage }), own({ ...service, key: garbage })]) {
      expect(fails(settings)).toMatch(/GRPC_TLS_(CERT|KEY)_FILE must be a file with/);
      expect(fails(settings)).not.toContain('a secret');
    }
    expect(fails(believes({ cert: garbage, key: '' }))).toContain('GRPC_TLS_CA_FILE must be a file with');
    expect(fails(own({ ...service, key: other.key }))).toContain('GRPC_TLS_KEY_FILE must be the key of');
  });

  test('where another one is missing', () => {
    expect(fails({ GRPC_TLS_CERT_FILE: service.cert })).toContain('GRPC_TLS_KEY_FILE must be set');
    expect(fails({ GRPC_TLS_KEY_FILE: service.key })).toContain('GRPC_TLS_CERT_FILE must be set');
    expect(fails({ ...own(service), GRPC_TLS_CLIENT_CERTS: true })).toContain('GRPC_TLS_CLIENT_CERTS needs');
  });
});

import { type Client, connect, createSession } from '@veche/client';
import { eventually } from '@veche/testing';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { buildWhenStale } from '../harness/build';
import { Nginx } from '../harness/nginx';
import { Person, unique } from '../harness/people';
import { Rest } from '../harness/rest';
import { Veche } from '../harness/veche';
import type { Entry, Items, Session } from '../harness/wire';

// needs a PostgreSQL, a Redis and nginx
const onServers = process.env.TEST_DATABASE_URL ? describe : describe.skip;

onServers('two of each service behind nginx, with the configuration of deploy/nginx', () => {
  let veche: Veche, nginx: Nginx;
  const open: Client[] = [];
  beforeAll(async () => {
    buildWhenStale();
    veche = await Veche.start('micro', { env: { TRUST_PROXY: 'true' } });
    nginx = await Nginx.start(veche.doors.gateways);
  }, 180_000);
  afterEach(() => open.splice(0).forEach((client) => client.close()));
  afterAll(async () => {
    await nginx?.stop();
    await veche?.destroy();
  });

  const device = async (
    person: Person,
    transports?: readonly ('websocket' | 'polling')[],
  ): Promise<Client> => {
    const session = createSession({ url: nginx.url, tokenTransport: 'body' });
    await session.login({ login: person.username, password: person.password });
    const client = connect({ url: nginx.url, getToken: session.getToken, ...(transports && { transports }) });
    open.push(client);
    await eventually(() => client.connection.get().status === 'online');
    return client;
  };
  const overTls = (path: string, headers: Record<string, string> = {}, body?: object) =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
      (resolve, reject) => {
        const asked = request(
          {
            host: '127.0.0.1',
            port: nginx.port,
            path,
            method: body ? 'POST' : 'GET',
            ca: readFileSync(nginx.ca),
            headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
          },
          (answer) => {
            let text = '';
            answer.setEncoding('utf8').on('data', (part: string) => (text += part));
            answer.on('end', () =>
              resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
            );
          },
        );
        asked.on('error', reject).end(body && JSON.stringify(body));
      },
    );

  test('the page comes over HTTP/2, cookies are for HTTPS only, and the address is the device’s own', async () => {
    const person = await Person.register(veche.doors);
    const session = connectHttp2(`https://localhost:${nginx.port}`, { ca: readFileSync(nginx.ca) });
    const status = await new Promise((resolve, reject) => {
      session.on('error', reject);
      session.request({ ':path': '/' }).on('response', (headers) => resolve(headers[':status']));
    });
    session.close();
    expect(status).toBe(200);

    const signedIn = await overTls(
      '/api/v1/auth/login',
      { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http' },
      { login: person.username, password: person.password },
    );
    expect(signedIn.status).toBe(200);
    expect(String(signedIn.headers['set-cookie'])).toMatch(/^__Host-.*; Secure/);
    const rest = new Rest(nginx.url, (JSON.parse(signedIn.body) as { accessToken: string }).accessToken);
    const { items } = await rest.get<Items<Session>>('/auth/sessions');
    expect(items.find(({ current }) => current)?.ip).toBe('127.0.0.1');
  });

  test.each([['websocket'], ['polling']] as const)('by %s, a message arrives and is answered', async (by) => {
    const [anna, boris] = [await Person.register(veche.doors), await Person.register(veche.doors)];
    const room = await anna.createRoom('private', [boris]);
    const [one, other] = [await device(anna, [by]), await device(boris, [by])];
    const heard = other.room(room.id).timeline;
    heard.subscribe(() => undefined);
    const { committed } = one.room(room.id).send('through nginx');
    await committed;
    await eventually(() => heard.get().entries.some((e) => 'text' in e && e.text === 'through nginx'));
  });

  test('server-sent events pass at once', async () => {
    const anna = await Person.register(veche.doors);
    const room = await anna.createRoom('private');
    const abort = new AbortController();
    const answer = await fetch(`${nginx.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${anna.token}` },
      signal: abort.signal,
    });
    let seen = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>)
        seen += decoder.decode(part);
    })().catch(() => undefined);
    await eventually(() => seen.includes('ready'));
    await anna.send(room.id, 'an event');
    await eventually(() => seen.includes('an event'));
    abort.abort();
    await reading;
  });

  test('each process is replaced in turn while two people talk: no message is lost, doubled or out of order', async () => {
    const [anna, boris] = [await Person.register(veche.doors), await Person.register(veche.doors)];
    const room = await anna.createRoom('private', [boris]);
    const devices = [await device(anna), await device(boris)] as const;
    devices.forEach((client) => client.room(room.id).timeline.subscribe(() => undefined));
    let over = false;
    let longest = 0;
    const talking = devices.map(async (client, i) => {
      const clientIds: string[] = [];
      while (!over) {
        const began = performance.now();
        const { clientId, committed } = client.room(room.id).send(`${i} ${unique('text')}`);
        clientIds.push(clientId);
        await committed;
        longest = Math.max(longest, performance.now() - began);
      }
      return clientIds;
    });
    for (const name of ['gateway-1', 'gateway-2', 'chat-1', 'chat-2', 'auth-1', 'auth-2'])
      await veche.restart(name);
    over = true;
    const [mine, theirs] = (await Promise.all(talking)) as [string[], string[]];

    const log = await anna.log(room.id);
    const written = log.flatMap((e: Entry) => (e.type === 'message.created' ? [e.clientId] : []));
    expect([...written].sort()).toEqual([...mine, ...theirs].sort());
    for (const said of [mine, theirs]) {
      const own = new Set(said);
      expect(written.filter((id) => own.has(id ?? ''))).toEqual(said);
    }
    for (const client of devices)
      await eventually(() => client.room(room.id).timeline.get().entries.at(-1)?.seq === log.at(-1)?.seq);
    process.stdout.write(
      `${written.length} messages during a rolling restart; the longest wait was ${Math.round(longest)} ms\n`,
    );
  }, 180_000);
});

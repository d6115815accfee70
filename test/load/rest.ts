import { eventually, freePort } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { ROOT } from '../harness/build';
import type { Person } from '../harness/people';
import { ServerProcess } from '../harness/server-process';
import { newFolder } from '../harness/veche';
import type { VecheTarget } from './targets';

export interface RestFigures {
  readonly on: 'bare' | 'veche';
  readonly postsPerSecond: number;
  readonly pagesPerSecond: number;
}

const CLIENTS = 16;
const PAGE = 50;
const TEXT = 'and so on '.repeat(8);

/** One client: a connection, a room, and what was acknowledged there, number by client id. */
interface Client {
  readonly url: string;
  readonly token?: string;
  readonly agent: Agent;
  readonly acknowledged: Map<string, number>;
}

const call = (client: Client, method: string, query: string, body?: object): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const { agent, token } = client;
    const bytes = body && JSON.stringify(body);
    const headers = {
      ...(bytes && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(bytes) }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const asked = request(`${client.url}${query}`, { method, agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if ((answer.statusCode ?? 500) >= 300) reject(new Error(`${answer.statusCode}: ${text}`));
        else resolve(JSON.parse(text));
      });
    });
    asked.on('error', reject);
    asked.end(bytes);
  });

const perSecond = async (
  clients: readonly Client[],
  seconds: number,
  work: (client: Client) => Promise<unknown>,
): Promise<number> => {
  const from = performance.now();
  let done = 0;
  await Promise.all(
    clients.map(async (client) => {
      for (; performance.now() - from < seconds * 1000; done++) await work(client);
    }),
  );
  return (done / (performance.now() - from)) * 1000;
};

const post = async (client: Client): Promise<void> => {
  const clientId = randomUUID();
  const { seq } = (await call(client, 'POST', '', { text: TEXT, clientId })) as { seq: number | string };
  client.acknowledged.set(clientId, Number(seq));
};

const measure = async (clients: readonly Client[], seconds: number): Promise<Omit<RestFigures, 'on'>> => {
  await perSecond(clients, 1, post); // warms up
  const postsPerSecond = await perSecond(clients, seconds, post);
  const page = (client: Client): Promise<unknown> => {
    const seqs = [...client.acknowledged.values()];
    const before = seqs[Math.floor(Math.random() * seqs.length)] ?? 0;
    return call(client, 'GET', `?before=${before}&limit=${PAGE}`);
  };
  await perSecond(clients, 1, page);
  return { postsPerSecond, pagesPerSecond: await perSecond(clients, seconds, page) };
};

/** @throws Error at the first message that was acknowledged and is not in its room once, with its number */
const audit = async (client: Client): Promise<void> => {
  const found = new Map<string, number>();
  for (let before: number | undefined = Number.MAX_SAFE_INTEGER; before !== undefined;) {
    const page = (await call(client, 'GET', `?before=${before}&limit=100`)) as {
      items: { clientId: string; seq: number }[];
      nextBefore?: number;
    };
    for (const { clientId, seq } of page.items) {
      if (found.has(clientId)) throw new Error(`${clientId} is there twice`);
      found.set(clientId, seq);
    }
    before = page.nextBefore;
  }
  for (const [clientId, seq] of client.acknowledged)
    if (found.get(clientId) !== seq)
      throw new Error(`${clientId} was acknowledged as ${seq} and is not there`);
};

const clientOf = (url: string, token?: string): Client => ({
  url,
  ...(token !== undefined && { token }),
  agent: new Agent({ keepAlive: true, maxSockets: 1 }),
  acknowledged: new Map(),
});

const onBare = async (databaseUrl: string, seconds: number): Promise<RestFigures> => {
  const folder = newFolder();
  const port = await freePort();
  const server = ServerProcess.start(
    'bare-rest',
    process.execPath,
    ['-r', join(ROOT, 'test/harness/register.cjs'), join(__dirname, 'bare-rest.ts')],
    { folder, env: { PORT: String(port), DATABASE_URL: databaseUrl, NODE_ENV: 'production' } },
  );
  const clients = Array.from({ length: CLIENTS }, () =>
    clientOf(`http://127.0.0.1:${port}/rooms/${randomUUID()}/messages`),
  );
  try {
    await eventually(() => fetch(`http://127.0.0.1:${port}/`).then(() => true), { within: 20_000 });
    return { on: 'bare', ...(await measure(clients, seconds)) };
  } finally {
    for (const { agent } of clients) agent.destroy();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

const onVeche = async (target: VecheTarget, seconds: number): Promise<RestFigures> => {
  const people = (await target.atLeast(CLIENTS)).slice(0, CLIENTS);
  const clients = await Promise.all(
    people.map(async (person: Person) => {
      const { id } = await person.createRoom('private');
      return clientOf(`${person.rest.gateway}/api/v1/rooms/${id}/messages`, person.token);
    }),
  );
  try {
    const figures = await measure(clients, seconds);
    for (const client of clients) await audit(client);
    return { on: 'veche', ...figures };
  } finally {
    for (const { agent } of clients) agent.destroy();
  }
};

/**
 * REST with sixteen clients, each waiting for its answer: beside a bare Fastify on the same PostgreSQL whose posts are one
 * insert and whose pages are one select. What Veche has acknowledged is looked for afterwards.
 */
export const rest = async (
  target: VecheTarget,
  databaseUrl: string,
  seconds: number,
): Promise<RestFigures[]> => [await onBare(databaseUrl, seconds), await onVeche(target, seconds)];

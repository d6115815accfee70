import { connect, type ConnectOptions, VecheError } from '@veche/client';
import { eventually, freePort } from '@veche/testing';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../harness/build';
import { sharedAdmin, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const [gateway = ''] = doors.gateways;
const printed = (name: string): string => {
  const page = readFileSync(join(ROOT, 'docs/embed.md'), 'utf8');
  const [, code = ''] = new RegExp(`\`\`\`js ${name}\\n(.*?)\`\`\``, 's').exec(page) ?? [];
  return code;
};

let folder: string;
let backend: ReturnType<typeof spawn>;
let url: string;
beforeAll(async () => {
  const admin = await sharedAdmin(doors);
  const { secret } = await admin.rest.post<{ secret: string }>('/admin/api-keys', {
    name: unique('embed'),
    scopes: ['users.provision'],
  });
  folder = mkdtempSync(join(tmpdir(), 'veche-embed-'));
  writeFileSync(join(folder, 'server.mjs'), printed('server.mjs'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  backend = spawn(process.execPath, ['server.mjs'], {
    cwd: folder,
    env: { PATH: process.env.PATH, VECHE_URL: gateway, VECHE_API_KEY: secret, PORT: String(port) },
    stdio: 'inherit',
  });
  await eventually(async () => (await fetch(url)).status === 401);
});
afterAll(() => {
  backend.kill();
  rmSync(folder, { recursive: true });
});

/** The page's function as it is printed, for a user of the product. */
const pageOf = (user: string, asked: () => void = () => undefined): ReturnType<typeof connect> => {
  const body = printed('page.mjs')
    .replace(/^import .*$/m, '')
    .replace('export const chat =', 'return')
    .replace('https://chat.example.org', gateway);
  const fetching = (path: string): Promise<Response> => {
    asked();
    return fetch(`${url}${path}`, { headers: user ? { 'x-demo-user': user } : {} });
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page as it is printed
  const run = new Function('connect', 'VecheError', 'fetch', body) as (
    connectWith: (options: ConnectOptions) => ReturnType<typeof connect>,
    error: typeof VecheError,
    fetchWith: typeof fetching,
  ) => ReturnType<typeof connect>;
  return run(connect, VecheError, fetching);
};

test('the server and the page that are printed are all that one needs', async () => {
  const user = unique('user');
  let asked = 0;
  const [desk, phone] = [pageOf(user, () => asked++), pageOf(user)];
  try {
    await eventually(
      () => desk.connection.get().status === 'online' && phone.connection.get().status === 'online',
    );
    expect(desk.userId).toBe(phone.userId);
    const room = await desk.api.rooms.create({ name: unique('room'), kind: 'private' });
    await eventually(() => phone.rooms.get().items.some(({ id }) => id === room.id));
    expect((await desk.room(room.id).send('Hello!').committed).text).toBe('Hello!');
    await eventually(() => phone.rooms.get().items.some(({ lastMessage }) => lastMessage?.text === 'Hello!'));
    expect((await desk.api.users.me()).displayName).toBe('Olga K.');
    // kept in between, however many calls need it
    expect(asked).toBe(1);
  } finally {
    for (const client of [desk, phone]) client.close();
  }
});

test('who is signed in to nobody is told so, and is not tried again', async () => {
  const client = pageOf('');
  try {
    const state = await eventually(() => {
      const now = client.connection.get();
      return now.status === 'ended' && now;
    });
    expect(state.reason).toBe('unauthenticated');
  } finally {
    client.close();
  }
});

import { eventually, freePort } from '@veche/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWhenStale, ROOT } from '../harness/build';
import { TestDatabases } from '../harness/databases';
import { ServerProcess } from '../harness/server-process';
import { UNSET } from '../harness/veche';

// needs a PostgreSQL
const onServers = process.env.TEST_DATABASE_URL ? describe : describe.skip;

onServers('npm run start:micro', () => {
  let folder: string, databases: TestDatabases, started: ServerProcess | undefined;
  beforeAll(buildWhenStale, 180_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'veche-start-'));
    databases = new TestDatabases();
  });
  afterEach(async () => {
    if (started?.running) await started.stop();
    await databases.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (
    env: Record<string, string> = {},
  ): Promise<{ veche: ServerProcess; gateway: string }> => {
    const [port, auth, chat] = await Promise.all([freePort(), freePort(), freePort()]);
    const veche = ServerProcess.start('micro', process.execPath, ['scripts/start.mjs', 'micro'], {
      folder,
      cwd: ROOT,
      env: {
        ...UNSET,
        DATABASE_URL: databases.url('veche'),
        DATA_DIR: folder,
        PORT: String(port),
        AUTH_GRPC_URL: `127.0.0.1:${auth}`,
        CHAT_GRPC_URL: `127.0.0.1:${chat}`,
        DATABASE_POOL: '2',
        ...env,
      },
    });
    started = veche;
    return { veche, gateway: `http://127.0.0.1:${port}` };
  };
  const ready = async (gateway: string): Promise<boolean> => {
    const answer = await fetch(`${gateway}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    return ((await answer.json()) as { status: string }).status === 'ok';
  };
  const pids = (output: string): number[] =>
    ['auth', 'chat', 'gateway'].map((app) =>
      Number([...output.matchAll(new RegExp(`^${app} +\\| process (\\d+)$`, 'gm'))].at(-1)?.[1]),
    );

  test('starts a service that died again, and the others go on', async () => {
    const { veche, gateway } = await start();
    await eventually(() => ready(gateway), { within: 60_000 });
    const readyAt = performance.now();
    const before = pids(veche.output);
    // sooner, it counts as one that cannot start
    await eventually(() => performance.now() - readyAt > 10_000);
    process.kill(before[1] ?? 0, 'SIGKILL');
    await eventually(() => veche.output.includes('ended with SIGKILL; it is started again in 1 s'));
    await eventually(() => pids(veche.output)[1] !== before[1]);
    await eventually(() => ready(gateway));
    const after = pids(veche.output);
    expect([after[0], after[2]]).toEqual([before[0], before[2]]);
  });

  test('ends as a whole where one of them cannot start', async () => {
    const { veche } = await start({ JWT_PRIVATE_KEY_FILE: '/nowhere/private.pem' });
    const { code } = await veche.exited;
    expect(code).toBeGreaterThan(0);
    expect(veche.output).toContain('JWT_PRIVATE_KEY_FILE');
  });
});

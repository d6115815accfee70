import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

describe('a process', () => {
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  /** Runs the body of what starts it, and says so when it is ready for signals. */
  const run = (body: string) => {
    const code = `
      const { runProcess } = require('@veche/lifecycle');
      const forever = setInterval(() => undefined, 1000);
      runProcess('test', async () => { ${body} });
      setImmediate(() => console.log('started'));`;
    const child = spawn(process.execPath, ['-r', './test/harness/register.cjs', '-e', code], { cwd: ROOT });
    children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const said = async (text: string): Promise<void> => {
      while (!output.includes(text)) await once(child.stdout, 'data');
    };
    const left = async () => {
      const [exitCode] = (await once(child, 'close')) as [number | null];
      return { exitCode, output };
    };
    return { child, said, left };
  };

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes what it does at %s, and leaves with 0',
    async (signal) => {
      const { child, said, left } = run(`return { close: () => new Promise((resolve) =>
      setTimeout(() => { console.log('finished'); resolve(); }, 200)) };`);
      await said('started');
      child.kill(signal);
      const { exitCode, output } = await left();
      expect(exitCode).toBe(0);
      expect(output).toContain('finished');
    },
  );

  it('that is told while it waits for something to start with leaves at once', async () => {
    const { child, said, left } = run('return new Promise(() => undefined);');
    await said('started');
    child.kill('SIGTERM');
    expect((await left()).exitCode).toBe(0);
  });

  it('that is configured wrongly says what is wrong, in a line of its log', async () => {
    const { exitCode, output } = await run(
      'throw new (require("@veche/config").ConfigurationError)(["PORT must be a number"]);',
    ).left();
    expect(exitCode).toBe(1);
    const lines = output.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 60,
      msg: 'Configuration: PORT must be a number',
    });
  });

  it('that is told twice leaves at once', async () => {
    const { child, said, left } = run('return { close: () => new Promise(() => console.log("closing")) };');
    await said('started');
    child.kill('SIGTERM');
    await said('closing');
    child.kill('SIGTERM');
    expect((await left()).exitCode).toBe(128 + 15);
  });

  it('that cannot finish leaves all the same, within ten seconds', async () => {
    const { child, said, left } = run('return { close: () => new Promise(() => undefined) };');
    await said('started');
    const started = performance.now();
    child.kill('SIGTERM');
    expect((await left()).exitCode).toBe(1);
    expect(performance.now() - started).toBeLessThan(10_000);
  }); // a process on a busy machine may take long to begin

  it.each([
    [
      'an error that nobody catches',
      'setTimeout(() => { throw new Error("a bug") }, 10); return { close() {} };',
    ],
    ['a rejection that nobody handles', 'void Promise.reject(new Error("a bug")); return { close() {} };'],
    ['a start that fails', 'throw new Error("a bug");'],
  ])('ends with 1 after %s, and says why', async (_, body) => {
    expect(await run(body).left()).toMatchObject({ exitCode: 1, output: expect.stringContaining('a bug') });
  });
});

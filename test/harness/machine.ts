import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './build';
import { closedAtLast } from './left-open';
import { nextGateway, PASSWORD_MARK, unique } from './people';
import { sharedDoors } from './veche';
import { within } from './waiting';

/** The command line of the build. */
export const VECHE = join(ROOT, 'dist/cli/veche.cjs');
export const PASSWORD = `${PASSWORD_MARK} at a terminal`;

interface Result {
  code: number | null;
  out: string;
  err: string;
}

/** A machine of somebody's, with `veche` on it. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'veche-cli-'));
  readonly env: Record<string, string | undefined>;

  /** @param settings what else is in the environment */
  constructor(settings: Readonly<Record<string, string>> = {}) {
    this.env = { ...settings, PATH: process.env.PATH, XDG_CONFIG_HOME: this.folder };
    closedAtLast({ close: () => rmSync(this.folder, { recursive: true }) });
  }

  start(args: readonly string[]) {
    const child = spawn(process.execPath, [VECHE, ...args], { env: this.env, cwd: this.folder });
    const seen = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (seen.out += String(chunk)));
    child.stderr.on('data', (chunk) => (seen.err += String(chunk)));
    const done = new Promise<Result>((resolve) => child.on('close', (code) => resolve({ code, ...seen })));
    return { child, seen, done };
  }

  run(args: readonly string[], input: string | Uint8Array = ''): Promise<Result> {
    const { child, done } = this.start(args);
    // who has heard enough reads no further
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return within(30_000, `veche ${args.join(' ')}`, done);
  }

  /** What it printed. @throws when it did not leave with 0 */
  async does(args: readonly string[], input?: string | Uint8Array): Promise<string> {
    const { code, out, err } = await this.run(args, input);
    if (code !== 0) throw new Error(`veche ${args.join(' ')} left with ${code}: ${err}`);
    return out;
  }
}

/** Somebody who has registered by the command line. */
export const signedUp = async (
  name: string,
  server = nextGateway(sharedDoors()),
): Promise<{ machine: Machine; username: string }> => {
  const machine = new Machine();
  const username = unique(name);
  const email = `${username}@example.org`;
  await machine.does(
    ['login', username, '--register', '--email', email, '-s', server, '--password-stdin'],
    PASSWORD,
  );
  return { machine, username };
};

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { closedAtLast } from './left-open';

const installed = (): boolean => spawnSync('tmux', ['-V']).status === 0;

/** `describe` for what needs a terminal. Skipped where no tmux is installed. */
export const describeInTerminal = (name: string, tests: () => void): void =>
  (installed() ? describe : describe.skip)(name, tests);

/** What holds the terminals of a test file: a tmux of its own, with nobody's settings. */
class Tmux {
  private readonly folder = mkdtempSync(join(tmpdir(), 'veche-tmux-'));
  private readonly args = ['-u', '-f', '/dev/null', '-S', join(this.folder, 'socket')];

  constructor() {
    closedAtLast(this);
  }

  async do(...args: string[]): Promise<string> {
    // without the variables that a tmux around this one has set
    const env = { PATH: process.env.PATH, SHELL: '/bin/sh' };
    return (await promisify(execFile)('tmux', [...this.args, ...args], { env })).stdout;
  }

  close(): void {
    spawnSync('tmux', [...this.args, 'kill-server']);
    rmSync(this.folder, { recursive: true });
  }
}

let tmux: Tmux | undefined;

/** A terminal with a command in it, typed into and looked at as by a person. */
export class Terminal {
  private constructor(
    private readonly tmux: Tmux,
    private readonly pane: string,
  ) {}

  /** @param command of a shell */
  static async open(
    command: string,
    env: Record<string, string | undefined>,
    [columns, rows]: readonly [number, number],
  ): Promise<Terminal> {
    tmux ??= new Tmux();
    const set = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const size = ['-x', String(columns), '-y', String(rows)];
    const pane = await tmux.do('new-session', '-d', '-P', '-F', '#{pane_id}', ...size, ...set, command);
    return new Terminal(tmux, pane.trim());
  }

  async type(text: string): Promise<void> {
    await this.tmux.do('send-keys', '-t', this.pane, '-l', '--', text);
  }

  /** Keys by the names that tmux has for them. */
  async press(...keys: string[]): Promise<void> {
    await this.tmux.do('send-keys', '-t', this.pane, ...keys);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.tmux.do('resize-window', '-t', this.pane, '-x', String(columns), '-y', String(rows));
  }

  /** Its lines, with those that have left the screen; one that wraps over several rows is one line. */
  async lines(): Promise<string[]> {
    const screen = await this.tmux.do('capture-pane', '-p', '-J', '-S', '-', '-t', this.pane);
    return screen
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd());
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure';

/** Beside this file, where the server is built. */
const SERVER_SIDE = join(__dirname, '../apps/monolith/src/operate.main.js');

/**
 * Does what needs the server's code, which is no part of this file.
 * @throws Failure where no server is installed here, and where it was not done: the reasons were printed
 */
export const operate = async (given: readonly string[]): Promise<void> => {
  if (!existsSync(SERVER_SIDE))
    throw new Failure(
      'This is for operators: run it where the server is installed and built (npm run build).',
    );
  const child = spawn(process.execPath, ['--enable-source-maps', SERVER_SIDE, ...given], {
    stdio: 'inherit',
  });
  // it tidies up, and this waits for it: a terminal interrupts both, and a supervisor this one
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
};

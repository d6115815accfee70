import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** A TypeScript file of this repository as a process of its own, with a channel to it. */
export const forkTypeScript = (file: string): ChildProcess =>
  fork(file, {
    execArgv: ['-r', join(__dirname, 'register.cjs')],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

/** The next message of a process. @throws when it ends, or says `{ failed }`, before it sends one */
export const nextMessage = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the process ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message: T | { failed: string }) => {
      child.off('exit', ended);
      if (typeof message === 'object' && message !== null && 'failed' in message)
        reject(new Error(message.failed));
      else resolve(message);
    });
  });

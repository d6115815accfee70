import { Logger } from '@nestjs/common';
import { ConfigurationError } from '@veche/config';
import { openLogger } from '@veche/telemetry';
import { constants } from 'node:os';

export interface Running {
  /** Stops taking, finishes what was taken, lets go. */
  close(): Promise<unknown>;
}

/** Whoever stops us waits ten seconds at most; what has not finished by then never will. */
const STOP_MS = 9_000;

/**
 * The life of a process. The first SIGTERM or SIGINT closes what was started and leaves with code 0 (at once, where it is still starting), the second
 * leaves at once. An error that nobody has caught ends it with code 1: what comes after one is not known to be
 * right, and whoever started it starts it again.
 * @param service what runs in the process, as its log says
 */
export const runProcess = (service: string, start: () => Promise<Running>): void => {
  // until the configuration says otherwise: what keeps a process from starting is a line of the log like any other
  Logger.overrideLogger(openLogger('info', service));
  const log = new Logger('Process');
  const fail = (error: unknown): void => {
    // where in our code it was found out helps nobody who has to mend a variable
    log.fatal(error instanceof ConfigurationError ? error.message : error);
    process.exit(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  const running = start();
  let started = false;
  running.then(() => (started = true), fail);

  let stopping = false;
  const stop = (signal: 'SIGTERM' | 'SIGINT'): void => {
    if (stopping) process.exit(128 + constants.signals[signal]);
    stopping = true;
    log.log(`${signal}: stopping`);
    // nothing was taken yet, and what is waited for, a database for instance, may be long in coming
    if (!started) process.exit(0);
    setTimeout(() => fail(new Error(`not stopped within ${STOP_MS} ms`)), STOP_MS).unref();
    running
      .then((app) => app.close())
      .then(() => {
        log.log('stopped');
        process.exit(0);
      })
      .catch(fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

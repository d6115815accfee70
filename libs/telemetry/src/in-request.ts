import { PinoLogger } from 'nestjs-pino';

let context: PinoLogger | undefined;

/** Runs work for a request, so that each line which is logged meanwhile carries the request's id. */
export const inRequest = <T>(requestId: string, work: () => T): T => {
  // tests that open no log have nothing to put the id into
  if (!(PinoLogger.root as PinoLogger['logger'] | undefined)) return work();
  context ??= new PinoLogger({});
  return context.runInContext(work, { bindings: { requestId } });
};

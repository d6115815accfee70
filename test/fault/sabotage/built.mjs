// The build's own modules, for the files beside this one: each is loaded into a process before the product
// (node --import) and breaks one promise in it, so that the product has no switch for that.
import { createRequire } from 'node:module';

export const built = createRequire(new URL('../../../dist/', import.meta.url));

/** Says which calls are to be broken: every so manieth. */
export const every = (n) => {
  let calls = 0;
  return () => ++calls % n === 0;
};

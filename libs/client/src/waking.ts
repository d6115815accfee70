const TICK_MS = 5_000;
/** A tick that is this much late was not late: the machine slept. */
const SLEPT_MS = 15_000;

/**
 * Calls when this machine, or this page, comes back from a sleep or to a network.
 * @returns what ends it
 */
export const whenWoken = (woken: () => void): (() => void) => {
  let last = Date.now();
  const tick = setInterval(() => {
    const now = Date.now();
    if (now - last > TICK_MS + SLEPT_MS) woken();
    last = now;
  }, TICK_MS);
  // a program that has nothing else to do may end
  (tick as { unref?: () => void }).unref?.();

  const page = (globalThis as { document?: Document }).document;
  const seen = (): void => {
    if (page?.visibilityState === 'visible') woken();
  };
  if (page) {
    addEventListener('online', woken);
    page.addEventListener('visibilitychange', seen);
  }
  return () => {
    clearInterval(tick);
    if (page) {
      removeEventListener('online', woken);
      page.removeEventListener('visibilitychange', seen);
    }
  };
};

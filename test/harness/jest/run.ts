import type { Veche } from '../veche';

/** What the setup of a run leaves to its teardown; both run in Jest's own process. */
export const runs: { current?: { veche: Veche; folder: string } } = ((
  globalThis as { vecheRuns?: object }
).vecheRuns ??= {});

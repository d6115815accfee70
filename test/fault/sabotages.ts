import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PromiseName } from './checker.rules';
import type { Cluster, Sabotage } from './cluster';
import { cut, type Fault, kill } from './faults';

/** Each file of sabotage/, and the promise that it breaks. */
const BREAKS: Readonly<Record<string, PromiseName>> = {
  'acknowledge-before-commit': 'lost',
  'publish-before-commit': 'differs',
  'drop-a-batch': 'lost',
  'repeat-as-a-new-entry': 'doubled',
  'forget-the-outbox': 'untold',
  'tell-nobody': 'missing',
  'read-without-membership': 'leak',
  'write-without-membership': 'leak',
  'deliver-to-the-removed': 'leak',
  'drop-an-entry': 'gap',
  'emit-twice': 'doubled',
  overtake: 'order',
  'change-a-text': 'differs',
};

export interface Breach extends Sabotage {
  readonly breaks: PromiseName;
}

/** @throws when a file breaks nothing that is written down here */
export const sabotages = (): Breach[] =>
  ['chat', 'gateway'].flatMap((app) =>
    readdirSync(join(__dirname, 'sabotage', app)).map((fileName) => {
      const file = join(__dirname, 'sabotage', app, fileName);
      const name = fileName.replace(/\.mjs$/, '');
      const breaks = BREAKS[name];
      if (!breaks) throw new Error(`what promise does ${name} break?`);
      return { app, name, file, breaks };
    }),
  );

/** Enough to bring every breach to light, and nothing that would break a promise by itself. */
export const littleTrouble = (cluster: Cluster): readonly (readonly Fault[])[] => {
  const link = cluster.links.get(`chat-2→${cluster.bus}`);
  if (!link) throw new Error('chat has no way to the bus');
  return [[kill(cluster.part('chat-1'), 500)], [cut(link, 1_000)], [kill(cluster.part('chat-2'), 500)]];
};

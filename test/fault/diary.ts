import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Entry } from '../harness/wire';
import type { Diary, Note, Sight } from './checker.rules';

/** A digest of everything in an entry, whichever door it came by. */
export const printOf = (entry: Entry): string => {
  const fields = Object.entries(entry).filter(([, value]) => value !== undefined && value !== null);
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 12);
};

export const sightOf = (entry: Entry): Sight => [entry.seq, printOf(entry)];

type WithoutTime<N> = N extends unknown ? Omit<N, 'at'> : never;

/** Where a client writes down what it is told, as it happens. One file: a first line about whose it is, then the notes. */
export class DiaryWriter {
  private readonly file;

  constructor(
    path: string,
    readonly client: string,
    readonly user: string,
  ) {
    this.file = createWriteStream(path);
    this.file.write(`${JSON.stringify({ client, user })}\n`);
  }

  note(note: WithoutTime<Note>): void {
    // an answer to what was still asked in the end
    if (this.file.writableEnded) return;
    this.file.write(`${JSON.stringify({ at: Date.now(), ...note })}\n`);
  }

  async close(): Promise<void> {
    this.file.end();
    await finished(this.file);
  }
}

export const readDiary = (path: string): Diary => {
  const [whose, ...notes] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const { client, user } = JSON.parse(whose ?? '') as { client: string; user: string };
  return { client, user, notes: notes.map((line) => JSON.parse(line) as Note) };
};

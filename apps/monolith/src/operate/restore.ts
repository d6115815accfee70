import type { Config } from '@veche/config';
import { basename } from 'node:path';
import { openDatabases } from '../databases';
import { Archive } from './copying/archive';
import { type Doing, fill, requireKnown } from './copying/fill';
import { restoreFiles, storeOf } from './copying/files';
import { keepSecrets, requireFitting } from './copying/secrets';
import { nameOf } from './copying/tables.rules';

/**
 * Fills an empty place with what `backup` has written: the databases that are configured, embedded or not, the keys under DATA_DIR
 * and the files. The file is read to its end before anything is written. Interrupted, it goes on with the same file.
 * @throws Error in words where the file is damaged, or the place is not empty
 */
export const restore = async (config: Config, file: string, doing: Doing): Promise<void> => {
  const { say, signal } = doing;
  say(`checking ${file}`);
  const archive = await Archive.open(file, signal);
  const { manifest, secrets } = archive;
  requireKnown(manifest.migrations);
  await requireFitting(config.DATA_DIR, secrets);
  // before rows name them
  const files = await restoreFiles(storeOf(config), archive, signal);
  const urls = await openDatabases(config);
  try {
    await fill(
      urls,
      {
        source: `archive ${archive.id}`,
        why: `veche restore of ${basename(file)} was not finished: do it again, or empty the place`,
        migrations: manifest.migrations,
        tables: manifest.tables,
        chunks: async function* (done) {
          for await (const chunk of archive.chunks(signal))
            // numbers of the same length
            if (chunk.position > (done(chunk.table) ?? '')) yield chunk;
        },
        sequences: (service) => Promise.resolve(manifest.sequences[service]),
        settle: () => keepSecrets(config.DATA_DIR, secrets),
      },
      doing,
    );
  } finally {
    await urls.close();
  }
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  say(
    `Restored ${rows.toLocaleString('en')} rows of ${manifest.tables.length} tables as of ${manifest.madeAt}, ` +
      `and ${secrets.size} key${secrets.size === 1 ? '' : 's'}${files > 0 ? `, and ${files.toLocaleString('en')} file${files === 1 ? '' : 's'}` : ''}.`,
  );
};

/** Says whether a file could be restored, and what is in it. */
export const checkArchive = async (file: string, { say, signal }: Doing): Promise<void> => {
  const { manifest, secrets } = await Archive.open(file, signal);
  requireKnown(manifest.migrations);
  say(`${file} is whole, of ${manifest.madeAt}`);
  for (const table of manifest.tables) say(`${nameOf(table)}: ${table.rows.toLocaleString('en')} rows`);
  for (const name of secrets.keys()) say(`key: ${name}`);
  if (manifest.files?.length) say(`files: ${manifest.files.length.toLocaleString('en')}`);
};

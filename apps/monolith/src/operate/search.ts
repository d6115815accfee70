import type { Config } from '@veche/config';
import { openDatabase } from '@veche/database';
import { CHAT_DATABASE } from '../../../chat/src/chat.database';
import { IndexingRepository } from '../../../chat/src/search/indexing.repository';
import { IndexingService } from '../../../chat/src/search/indexing.service';
import { openDatabases } from '../databases';

const PATIENCE_MS = 10_000;
const TOLD_EVERY = 10_000;

/**
 * Empties the search index and fills it from the logs. Servers that run meanwhile help, and searches find more and more;
 * where it is cut short, they go on with it.
 */
export const rebuildSearch = async (config: Config, say: (line: string) => void): Promise<boolean> => {
  const urls = await openDatabases(config);
  try {
    const options = { ...CHAT_DATABASE, url: urls.chat, poolSize: 1, patienceMs: PATIENCE_MS };
    const database = await openDatabase({ ...options, tables: 'require' });
    try {
      const repository = new IndexingRepository(database);
      await repository.reset();
      const done = await indexAll(new IndexingService(repository), say);
      say(`The search index is rebuilt: ${done} messages.`);
    } finally {
      await database.source.destroy();
    }
  } finally {
    await urls.close();
  }
  return true;
};

const indexAll = async (indexing: IndexingService, say: (line: string) => void): Promise<number> => {
  let total = 0;
  let told = 0;
  for (;;) {
    const { rooms } = await indexing.behind();
    if (rooms.length === 0) return total;
    const { messages } = await indexing.advance(rooms);
    total += messages;
    if (total - told < TOLD_EVERY) continue;
    told = total;
    say(`${total} messages`);
  }
};

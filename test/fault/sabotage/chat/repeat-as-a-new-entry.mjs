// Nobody remembers client ids, the database neither: a retry is a new message.
import { built } from '../built.mjs';
import { forceWhere } from '../forced.mjs';

const { LogRepository } = built('./apps/chat/src/log/log.repository.js');
forceWhere(({ kind }) => kind === 'original');
const { appendMessages } = LogRepository.prototype;

LogRepository.prototype.appendMessages = async function (messages) {
  await this.db.query('DROP INDEX IF EXISTS chat.room_events_client_id');
  await this.db.query(
    `CREATE INDEX IF NOT EXISTS room_events_client_id_often ON chat.room_events (bucket, room_id, actor_id, client_id)
     WHERE client_id IS NOT NULL`,
  );
  return appendMessages.call(this, messages);
};

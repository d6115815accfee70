// Nobody remembers client ids, the database neither: a retry is a new message.
import { built } from '../built.mjs';

const { LogRepository } = built('./apps/chat/src/log/log.repository.js');
const { circumstances } = LogRepository.prototype;

LogRepository.prototype.circumstances = async function (tx, messages) {
  await tx.query('DROP INDEX IF EXISTS chat.room_events_client_id');
  const known = await circumstances.call(this, tx, messages);
  return known.map((k) => ({ ...k, original: undefined }));
};

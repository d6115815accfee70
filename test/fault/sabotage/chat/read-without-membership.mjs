// Everybody may read every room.
import { built } from '../built.mjs';

const { LogRepository } = built('./apps/chat/src/log/log.repository.js');
const { page } = LogRepository.prototype;

LogRepository.prototype.page = async function (roomId, _reader, part) {
  const found = await page.call(this, roomId, undefined, part);
  return found && { ...found, member: true };
};

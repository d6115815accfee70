// Now and then a batch of messages is rolled back and acknowledged all the same.
import { built, every } from '../built.mjs';

const { LogRepository } = built('./apps/chat/src/log/log.repository.js');
const { appendMessages } = LogRepository.prototype;
const dropped = every(25);

LogRepository.prototype.appendMessages = async function (messages) {
  if (!dropped()) return appendMessages.call(this, messages);
  let outcomes;
  await this.db
    .transaction(async (tx) => {
      outcomes = await appendMessages.call({ db: tx }, messages);
      throw new Error('dropped');
    })
    .catch((error) => {
      if (error.message !== 'dropped') throw error;
    });
  return outcomes;
};

// Now and then a batch of messages is rolled back and acknowledged all the same.
import { built, every } from '../built.mjs';

const { Database } = built('./libs/database/src/index.js');
const { LogRepository } = built('./apps/chat/src/log/log.repository.js');
const { transaction } = Database.prototype;
const { circumstances } = LogRepository.prototype;
const sending = new WeakSet();
const dropped = every(25);

LogRepository.prototype.circumstances = function (tx, messages) {
  sending.add(tx);
  return circumstances.call(this, tx, messages);
};
Database.prototype.transaction = async function (work) {
  let result;
  return transaction
    .call(this, async (tx) => {
      result = await work(tx);
      if (sending.has(tx) && dropped()) throw new Error('dropped');
      return result;
    })
    .catch((error) => {
      if (error.message !== 'dropped') throw error;
      return result;
    });
};

// Whoever sends messages is answered when everything is written, and that is committed a moment later.
import { setTimeout as pause } from 'node:timers/promises';
import { built } from '../built.mjs';

const { Database } = built('./libs/database/src/index.js');
const { LogRepository } = built('./apps/chat/src/log/log.repository.js');
const { transaction } = Database.prototype;
const { circumstances } = LogRepository.prototype;
const sending = new WeakSet();

LogRepository.prototype.circumstances = function (tx, messages) {
  sending.add(tx);
  return circumstances.call(this, tx, messages);
};
Database.prototype.transaction = function (work) {
  return new Promise((resolve, reject) => {
    transaction
      .call(this, async (tx) => {
        const result = await work(tx);
        if (!sending.has(tx)) return result;
        resolve(result);
        return pause(200);
      })
      .then(resolve, reject);
  });
};

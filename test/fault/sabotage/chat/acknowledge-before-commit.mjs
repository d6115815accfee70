// Whoever sends messages is answered when everything is written, and that is committed a moment later.
import { setTimeout as pause } from 'node:timers/promises';
import { built } from '../built.mjs';

const { LogRepository } = built('./apps/chat/src/log/log.repository.js');
const { appendMessages } = LogRepository.prototype;

LogRepository.prototype.appendMessages = function (messages) {
  return new Promise((resolve, reject) => {
    this.db
      .transaction(async (tx) => {
        resolve(await appendMessages.call({ db: tx }, messages));
        return pause(200);
      })
      .catch(reject);
  });
};

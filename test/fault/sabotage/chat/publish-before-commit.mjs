// Everybody is told what is about to be committed.
import { setTimeout as pause } from 'node:timers/promises';
import { built } from '../built.mjs';

const { LogService } = built('./apps/chat/src/log/log.service.js');
const { LogRepository } = built('./apps/chat/src/log/log.repository.js');
const { toDeliveries } = built('./apps/chat/src/log/outbox.wire.js');
const { commit } = LogService.prototype;
const { append } = LogRepository.prototype;
let log;

LogService.prototype.commit = function (work) {
  log = this;
  return commit.call(this, work);
};
LogRepository.prototype.append = async function (...args) {
  const appended = await append.apply(this, args);
  log.outbox.tell(appended.outboxId, toDeliveries(appended.entries, []));
  await pause(200);
  return appended;
};

// Everybody is told what is about to be committed.
import { setTimeout as pause } from 'node:timers/promises';
import { built } from '../built.mjs';

const { OutboxService } = built('./apps/chat/src/log/outbox.service.js');
const { LogRepository } = built('./apps/chat/src/log/log.repository.js');
const { toDeliveries } = built('./apps/chat/src/log/outbox.wire.js');
const { committing } = OutboxService.prototype;
const { appendMessages } = LogRepository.prototype;
let outbox;

OutboxService.prototype.committing = function (commit) {
  outbox = this;
  return committing.call(this, commit);
};
LogRepository.prototype.appendMessages = function (messages) {
  return this.db.transaction(async (tx) => {
    const outcomes = await appendMessages.call({ db: tx }, messages);
    const entries = outcomes.flatMap(({ kind, entry }) => (kind === 'append' ? [entry] : []));
    outbox.tell(outbox.cursor.begin(), toDeliveries(entries, []));
    await pause(200);
    return outcomes;
  });
};

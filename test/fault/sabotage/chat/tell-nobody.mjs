// What was committed counts as told, and mostly was not.
import { built, every } from '../built.mjs';

const { OutboxService } = built('./apps/chat/src/log/outbox.service.js');
const { tell } = OutboxService.prototype;
const told = every(8);

OutboxService.prototype.tell = function (commit, deliveries, outboxId) {
  if (told()) return tell.call(this, commit, deliveries, outboxId);
  this.cursor.end(commit);
  if (outboxId !== undefined) this.published.push(outboxId);
};

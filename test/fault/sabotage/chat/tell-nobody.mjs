// What was committed is crossed off as told, and mostly was not.
import { built, every } from '../built.mjs';

const { OutboxService } = built('./apps/chat/src/log/outbox.service.js');
const { tell } = OutboxService.prototype;
const told = every(8);

OutboxService.prototype.tell = function (outboxId, deliveries) {
  if (told()) tell.call(this, outboxId, deliveries);
  else this.published.push(outboxId);
};

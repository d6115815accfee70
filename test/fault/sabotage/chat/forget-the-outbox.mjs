// As if the process died after every third commit, and nobody swept up after it.
import { built, every } from '../built.mjs';

const { OutboxService } = built('./apps/chat/src/log/outbox.service.js');
const { OutboxRepository } = built('./apps/chat/src/log/outbox.repository.js');
const { tell } = OutboxService.prototype;
const forgotten = every(3);

OutboxService.prototype.tell = function (...args) {
  if (!forgotten()) tell.apply(this, args);
};
OutboxRepository.prototype.claim = async () => [];

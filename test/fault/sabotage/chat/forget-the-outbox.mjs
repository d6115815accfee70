// As if the process died after every third commit, and nobody told in its place.
import { built, every } from '../built.mjs';

const { OutboxService } = built('./apps/chat/src/log/outbox.service.js');
const { ReplicasRepository } = built('./apps/chat/src/log/replicas.repository.js');
const { tell } = OutboxService.prototype;
const forgotten = every(3);

OutboxService.prototype.tell = function (...args) {
  if (!forgotten()) tell.apply(this, args);
};
ReplicasRepository.prototype.claim = async () => [];

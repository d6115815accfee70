// Loaded into chat before it starts (node --import), so that faults can hit it where chance seldom does. The product
// knows nothing of it. After SIGUSR2 the process ends, as by a kill, between its next commit and telling anybody of it;
// after SIGHUP it stops in the middle of its next transaction, until SIGCONT.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { OutboxService } = require('../../dist/apps/chat/src/log/outbox.service.js');
const { LogRepository } = require('../../dist/apps/chat/src/log/log.repository.js');

let dying = false;
let stopping = false;
process.on('SIGUSR2', () => (dying = true));
process.on('SIGHUP', () => (stopping = true));
process.on('SIGCONT', () => (stopping = false));

const { tell } = OutboxService.prototype;
OutboxService.prototype.tell = function (...args) {
  if (dying) process.kill(process.pid, 'SIGKILL');
  tell.apply(this, args);
};

const { append } = LogRepository.prototype;
LogRepository.prototype.append = async function (...args) {
  const appended = await append.apply(this, args);
  if (stopping) process.kill(process.pid, 'SIGSTOP');
  return appended;
};

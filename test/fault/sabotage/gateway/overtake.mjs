// Now and then a connection gets an entry after the one that follows it.
import { built, every } from '../built.mjs';

const { Connection } = built('./apps/gateway/src/socket/connection.js');
const { write } = Connection.prototype;
const held = every(50);

Connection.prototype.write = function (frame) {
  const before = this.overtaken;
  this.overtaken = undefined;
  if (before === undefined && frame.includes('["event",') && held()) {
    this.overtaken = frame;
    return;
  }
  write.call(this, frame);
  if (before !== undefined) write.call(this, before);
};

// Now and then a connection gets an entry that says something else.
import { built, every } from '../built.mjs';

const { Connection } = built('./apps/gateway/src/socket/connection.js');
const { write } = Connection.prototype;
const changed = every(100);

Connection.prototype.write = function (frame) {
  const other = frame.includes('"message.created"') && changed();
  write.call(this, other ? frame.replace('"text":"', '"text":"not ') : frame);
};

// Now and then a connection gets an entry after the one that follows it.
import { every } from '../built.mjs';
import { changePackets, isEntry } from '../packets.mjs';

const held = every(50);
const waiting = new WeakMap();

changePackets((packet, connection) => {
  const before = waiting.get(connection);
  waiting.delete(connection);
  if (before !== undefined) return [packet, before];
  if (!isEntry(packet) || !held()) return [packet];
  waiting.set(connection, packet);
  return [];
});

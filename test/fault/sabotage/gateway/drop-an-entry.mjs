// Now and then a connection does not get an entry.
import { every } from '../built.mjs';
import { changePackets, isEntry } from '../packets.mjs';

const dropped = every(100);

changePackets((packet) => (isEntry(packet) && dropped() ? [] : [packet]));

// Now and then a connection gets an entry twice.
import { every } from '../built.mjs';
import { changePackets, isEntry } from '../packets.mjs';

const twice = every(100);

changePackets((packet) => (isEntry(packet) && twice() ? [packet, packet] : [packet]));

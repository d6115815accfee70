// Now and then a connection gets an entry that says something else.
import { every } from '../built.mjs';
import { changePackets } from '../packets.mjs';

const changed = every(100);

changePackets((packet) =>
  packet.includes('"message.created"') && changed() ? [packet.replace('"text":"', '"text":"not ')] : [packet],
);

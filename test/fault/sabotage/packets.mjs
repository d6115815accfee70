// What gateways write to connections, packet by packet: `change` says what leaves in place of each.
import { built } from './built.mjs';

const { Connection } = built('./apps/gateway/src/socket/connection.js');
const { Frames } = built('./apps/gateway/src/socket/frames.js');
const { write } = Connection.prototype;

export const changePackets = (change) => {
  Connection.prototype.write = function (frames) {
    const packets = frames.packets.flatMap((packet) => change(packet, this));
    if (packets.length > 0) write.call(this, new Frames(packets));
  };
};

export const isEntry = (packet) => packet.includes('["event",');

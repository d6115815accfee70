import { eventually, freePort } from '@veche/testing';
import { Fetch, NodeWebSocket } from 'engine.io-client';
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { v7 as uuid } from 'uuid';
import { Proxy, type Upgrades } from '../../../../test/harness/proxy';
import { SocketDoor } from '../../test/socket-door';

test.each<[string, Upgrades, unknown[]]>([
  ['begins with a WebSocket', 'passed', [NodeWebSocket, Fetch]],
  ['begins with polling, as Socket.IO does unless told', 'passed', [Fetch, NodeWebSocket]],
  ['polls, where no WebSocket passes', 'refused', [Fetch, NodeWebSocket]],
  ['polls, where WebSockets stay silent', 'silent', [Fetch]],
])(
  'behind a balancer that keeps nobody at one gateway, a client that %s comes on line and stays',
  async (_how, upgrades, transports) => {
    const [one, two] = [await SocketDoor.open(), await SocketDoor.open()];
    two.sessions.find = (token) => one.sessions.find(token);
    const ports = [one, two].map(({ url }) => Number(new URL(url).port));
    const proxy = await Proxy.open(await freePort(), ports, upgrades);
    const socket = io(`${proxy.url}/chat`, {
      auth: { token: one.sessions.token(uuid()) },
      transports: transports as never,
      tryAllTransports: true,
      forceNew: true,
    });
    let ended = 0;
    socket.on('disconnect', () => ended++);
    await eventually(() => socket.connected);
    for (let i = 0; i < 20; i++) {
      expect(await socket.timeout(10_000).emitWithAck('sync', { rooms: {} })).toMatchObject({ ok: true });
      await pause(20);
    }
    expect(ended).toBe(0);
    socket.disconnect();
    proxy.close();
    await one.close();
    await two.close();
  },
  60_000,
);

import { eventually } from '@veche/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { ROOT } from '../harness/build';
import { register } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const gateway = doors.gateways[0] ?? '';
const documented = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');

/** What tells one frame from another, in one that is printed with dots where something varies. */
const gist = (frame: string): string => {
  const [, event = '', id = '', ok = ''] = /^\{"event":"([^"]+)"|^\{"id":(\d+),"ok":(\w+)/.exec(frame) ?? [];
  return event || `${id} ${ok}`;
};

test('the frames that the documentation shows are said and heard', async () => {
  const [olga] = await register(doors, 'olga');
  if (!olga) throw new Error('nobody is there');
  const room = await olga.createRoom('private');
  await olga.send(room.id, 'the second entry');
  const [, printed = ''] = /## WebSocket.*?```text\n(.*?)```/s.exec(documented) ?? [];
  const lines = printed.trim().split('\n');
  const heard: string[] = [];
  const socket = new WebSocket(`${gateway.replace('http', 'ws')}/ws`, {
    headers: { authorization: `Bearer ${olga.token}` },
  });
  socket.on('message', (data: Buffer) => heard.push(data.toString()));
  let closed = 0;
  socket.on('close', (code) => (closed = code));
  try {
    const shown: string[] = [];
    for (const line of lines.slice(1)) {
      const [way, frame] = [line[0], line.slice(2).replace('$ROOM', room.id)];
      if (way === '>') {
        // an event may come before the answer to what has led to it, or after
        await eventually(() => shown.every((one) => heard.some((said) => gist(said) === gist(one))));
        socket.send(frame);
      } else shown.push(frame);
    }
    await eventually(() => heard.length === shown.length);
    expect(heard.map(gist).sort()).toEqual(shown.map(gist).sort());
    const whole = shown.filter((frame) => !frame.includes('…'));
    expect(whole).toHaveLength(2);
    expect(heard).toEqual(expect.arrayContaining(whole));

    await olga.rest.post('/auth/logout');
    await eventually(() => closed === 1008);
    expect(gist(heard.at(-1) ?? '')).toBe('session:ended');
  } finally {
    socket.terminate();
  }
});

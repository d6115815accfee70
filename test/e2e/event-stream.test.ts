import { eventually } from '@veche/testing';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/build';
import { register } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const gateway = doors.gateways[0] ?? '';
const chapter = readFileSync(join(ROOT, 'docs/api.md'), 'utf8').split('## Server-sent events')[1] ?? '';
/** The first block of this language there. */
const printed = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(chapter)?.[1] ?? '';

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;

test.each([
  [
    'curl',
    (command: string) => ['-c', command.replaceAll('http://127.0.0.1:8080', gateway)],
    'bash',
    printed('sh'),
  ],
  ['python3', (program: string) => ['-uc', program], 'python3', printed('python')],
])('what the documentation shows of %s works', async (needed, parameters, command, shown) => {
  expect(has(needed)).toBe(true);
  const [olga, boris] = await register(doors, 'olga', 'boris');
  if (!olga || !boris) throw new Error('nobody is there');
  const room = await olga.createRoom('private', [boris]);
  const client = spawn(command, parameters(shown), {
    env: { ...process.env, ACCESS_TOKEN: olga.token, VECHE_URL: gateway },
  });
  let output = '';
  for (const stream of [client.stdout, client.stderr]) stream.on('data', (part) => (output += String(part)));
  let over = false;
  client.on('exit', () => (over = true));
  try {
    const talk = async (): Promise<string[]> =>
      (await boris.log(room.id)).flatMap((entry) => ('text' in entry ? [String(entry.text)] : []));
    // it may not listen yet
    await eventually(async () => {
      await boris.send(room.id, 'ping');
      return output.includes('"text":"ping"') || (await talk()).includes('pong');
    });
    await olga.rest.post('/auth/logout');
    await eventually(() => over);
  } finally {
    client.kill();
  }
  expect(output).not.toContain('Traceback');
});

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@veche/testing';
import { ROOT } from '../harness/build';
import { sharedDoors } from '../harness/veche';

test("the README's client runs as it is printed", async () => {
  const [, printed = ''] = /```js\n(.*?)```/s.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  expect(printed).toContain('http://127.0.0.1:8080');
  const [gateway = ''] = sharedDoors().gateways;

  // inside of the project, so that it finds socket.io-client as its reader would
  const folder = join(ROOT, 'node_modules', '.cache', 'veche');
  const file = join(folder, `readme-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, printed.replace('http://127.0.0.1:8080', gateway));
  const client = spawn(process.execPath, [file]);
  let output = '';
  for (const stream of [client.stdout, client.stderr])
    stream.on('data', (chunk) => (output += String(chunk)));
  try {
    await eventually(() => output.includes('committed as number 2'));
    await eventually(() => output.includes('2 message.created Hello!'));
  } finally {
    client.kill();
    rmSync(file);
  }
});

test('the licences of what the page is built with are where the README says', async () => {
  const answer = await fetch(new URL('/third-party.txt', sharedDoors().gateways[0]));
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  const text = await answer.text();
  for (const bundled of ['react', 'socket.io-client', '@fontsource-variable/inter'])
    expect(text).toContain(`## ${bundled} - `);
});

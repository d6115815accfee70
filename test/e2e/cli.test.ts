import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SearchHit } from '@veche/client';
import { eventually, freePort } from '@veche/testing';
import { Link } from '../harness/link';
import { Machine, PASSWORD, signedUp } from '../harness/machine';
import { nextGateway, Person, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import { within } from '../harness/waiting';
import type { Entry } from '../harness/wire';

const doors = sharedDoors();
// a process for every command, on a machine that servers and tests share
jest.setTimeout(90_000);

const lines = <T = Entry>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

test('signs in, stays signed in, and signs out; the token is for its owner alone', async () => {
  const { machine, username } = await signedUp('olga');
  const file = join(machine.folder, 'veche/account.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toContain(PASSWORD);
  expect(JSON.parse(await machine.does(['--json', 'whoami']))).toMatchObject({ username });
  expect(await machine.does(['whoami'])).toContain(`${username} (`);
  await machine.does(['logout']);
  expect(await machine.run(['whoami'])).toMatchObject({
    code: 3,
    err: expect.stringContaining('veche login'),
  });
  await machine.does(['login', username, '-s', nextGateway(doors), '--password-stdin'], `${PASSWORD}\n`);
  expect(await machine.does(['whoami'])).toContain(username);
});

test('chats are created, talked in and read, by people and by scripts', async () => {
  const [anna, boris] = [await signedUp('anna'), await signedUp('boris')];
  const name = unique('Bridge builders');
  expect(await anna.machine.does(['create', 'chat', name, '--private', '--with', boris.username])).toContain(
    name,
  );
  await anna.machine.does(['send', name, 'said', 'in', 'words']);
  await boris.machine.does(['send', name.toUpperCase()], 'said by a pipe\nin two lines\n');
  expect(await boris.machine.does(['rooms'])).toContain(`${name} (1 unread)`);
  const entries = lines(await anna.machine.does(['--json', 'history', name]));
  expect(entries.map((e) => e.text)).toEqual(['said in words', 'said by a pipe\nin two lines']);
  const text = await anna.machine.does(['history', name, '-n', '1']);
  expect(text).toMatch(new RegExp(`^\\d.*${boris.username}: said by a pipe\\n +in two lines\\n$`));
  expect(lines(await anna.machine.does(['--json', 'export', name])).map((e) => e.seq)).toEqual([1, 2, 3, 4]);
  const seq = String(entries[0]?.seq);
  await anna.machine.does(['pin', name, seq]);
  expect(await boris.machine.does(['pins', name])).toMatch(new RegExp(`^${seq} .*: said in words\\n$`));
  await anna.machine.does(['pin', name, seq, '--remove']);
  expect(await boris.machine.does(['pins', name])).toBe('Nothing is pinned there.\n');
  const file = join(anna.machine.folder, 'export.txt');
  await anna.machine.does(['export', name, '-o', file]);
  expect(readFileSync(file, 'utf8')).toContain(`${anna.username} created the chat`);
  await anna.machine.does(['send', `@${boris.username}`, 'psst']);
  expect(await boris.machine.does(['history', `@${anna.username}`])).toContain('psst');
});

test('a thread is followed, read and written from a script', async () => {
  const [anna, boris] = [await signedUp('anna'), await signedUp('boris')];
  const name = unique('Kitchen');
  await anna.machine.does(['create', 'chat', name, '--private', '--with', boris.username]);
  const [root] = lines(await anna.machine.does(['--json', 'send', name, 'What', 'shall', 'we', 'eat?']));
  const seq = String(root?.seq);
  expect(await boris.machine.does(['threads'])).toBe('You follow no threads.\n');
  await boris.machine.does(['send', name, '--thread', seq, 'Soup']);
  await boris.machine.does(['send', name, '-t', seq, '--also-in-room', 'Soup', 'for', 'all']);
  expect(await anna.machine.does(['threads'])).toBe(
    `${name} ${seq}  ${anna.username}: What shall we eat? [2 replies] (2 unread)\n`,
  );
  expect(lines(await anna.machine.does(['--json', 'threads']))).toMatchObject([
    { unread: 2, following: true },
  ]);
  const said = await anna.machine.does(['thread', name, seq]);
  expect(said.split('\n').map((line) => line.split(': ')[1])).toEqual([
    'What shall we eat?',
    'Soup',
    'Soup for all',
    undefined,
  ]);
  const history = await anna.machine.does(['history', name]);
  expect(history).not.toMatch(/: Soup\n/);
  expect(history).toMatch(new RegExp(`${boris.username} \\(thread ${seq}\\): Soup for all`));
  await anna.machine.does(['thread', name, seq, '--unfollow']);
  expect(await anna.machine.does(['threads'])).toBe('You follow no threads.\n');
});

test('how one has a chat, what is unread, and that it is read, from a script too', async () => {
  const [anna, boris] = [await signedUp('anna'), await signedUp('boris')];
  const name = unique('Bridge builders');
  await anna.machine.does(['create', 'chat', name, '--private', '--with', boris.username]);
  await anna.machine.does(['send', name, 'said']);
  expect(await boris.machine.does(['unread'])).toBe(`${name} (1 unread)\n`);
  expect(await boris.machine.does(['prefs', name])).toBe(`${name}: notified of what is usual\n`);
  expect(await boris.machine.does(['prefs', name, '--level', 'mentions', '--mute', '--favourite'])).toBe(
    `${name}: notified of mentions only, muted, a favourite\n`,
  );
  const until = await boris.machine.does(['--json', 'prefs', name, '--mute', '2h', '--no-favourite']);
  const [kept] = lines<{ level: string; mutedUntil: string; favourite?: true }>(until);
  expect(kept).toMatchObject({ level: 'mentions', muted: true });
  expect(kept?.favourite).toBeUndefined();
  expect(Date.parse(kept?.mutedUntil ?? '')).toBeGreaterThan(Date.now() + 3_600_000);
  await boris.machine.does(['prefs', name, '--unmute', '--level', 'default']);
  expect(await boris.machine.does(['prefs', name])).toBe(`${name}: notified of what is usual\n`);
  expect(await boris.machine.run(['prefs', name, '--level', 'some'])).toMatchObject({ code: 2 });
  expect(await boris.machine.run(['prefs', name, '--mute', 'soon'])).toMatchObject({ code: 2 });
  await boris.machine.does(['read-all']);
  expect(await boris.machine.does(['unread'])).toBe('Nothing is unread.\n');
});

test('messages are found by their words, in all chats or in one, for people and for scripts', async () => {
  const [anna, boris] = [await signedUp('anna'), await signedUp('boris')];
  const name = unique('Bridge builders');
  await anna.machine.does(['create', 'chat', name, '--private', '--with', boris.username]);
  await anna.machine.does(['send', name, 'The old\nbridges stand']);
  await anna.machine.does(['send', `@${boris.username}`, 'a bridge for two \u001b[2J']);
  const find = async (...args: string[]): Promise<SearchHit[]> =>
    lines<SearchHit>(await boris.machine.does(['--json', 'search', ...args]));
  // what was said a moment ago is found a moment later
  await eventually(async () => (await find('bridge')).length === 2);
  const [hit, ...others] = await find('bridge', `from:${anna.username}`, '--room', name);
  expect(others).toEqual([]);
  expect(hit?.marks.map(([from, to]) => hit.excerpt.slice(from, to))).toEqual(['bridges']);
  const text = await boris.machine.does(['search', 'bridge', '--newest', '-n', '1']);
  expect(text).toMatch(
    new RegExp(`^\\w.*  @${anna.username}\n  ${anna.username}: a bridge for two \ufffd\\[2J\n$`),
  );
  expect(await boris.machine.does(['search', 'bridge', '-r', name])).toMatch(
    new RegExp(`  ${name}\n  ${anna.username}: The old bridges stand\n$`),
  );
  expect(await boris.machine.does(['search', 'bridge before:2020-01-01'])).toBe('Nothing was found.\n');
  expect(await boris.machine.run(['search', 'x'.repeat(300)])).toMatchObject({ code: 1, out: '' });
});

test('a public chat is found by its name, and joined', async () => {
  const [anna, boris] = [await signedUp('anna'), await signedUp('boris')];
  const name = unique('The square');
  await anna.machine.does(['create', 'chat', name]);
  expect(await boris.machine.run(['send', name, 'hello'])).toMatchObject({
    code: 4,
    err: expect.stringContaining(`veche join "${name}"`),
  });
  await boris.machine.does(['join', name]);
  await boris.machine.does(['send', name, 'hello']);
  expect(await anna.machine.does(['history', name])).toContain('hello');
});

test('a chat is found by the beginnings of its words, as on the server, and never one for another', async () => {
  const { machine } = await signedUp('anna');
  const mark = unique('Ёлка').slice(5);
  await machine.does(['create', 'chat', `Главная Ёлка ${mark}`]);
  await machine.does(['send', `елка ${mark}`, 'found']);
  expect(await machine.does(['history', `${mark} главная`])).toContain('found');
  await machine.does(['create', 'chat', `Малая ёлка ${mark}`, '--private']);
  expect(await machine.run(['send', `елка ${mark}`, 'to whom?'])).toMatchObject({
    code: 4,
    err: expect.stringContaining(`Малая ёлка ${mark}`),
  });
  // the whole name is the one, also where it begins another
  await machine.does(['create', 'chat', `Главная ёлка ${mark} 2`]);
  await machine.does(['send', `главная елка ${mark}`, 'exactly']);
  expect(await machine.does(['history', `Главная Ёлка ${mark}`])).toContain('exactly');
});

test('connect shows what was said and what is being said, and says what it is given, over a cut connection', async () => {
  const [gateway = ''] = doors.gateways;
  const link = await Link.open('the terminal', await freePort(), [Number(new URL(gateway).port)]);
  const anna = await signedUp('anna', `http://127.0.0.1:${link.port}`);
  const boris = await Person.register(doors, 'boris', gateway);
  const room = await boris.createRoom('private', [{ username: anna.username } as Person]);
  await boris.send(room.id, 'before');
  const { child, seen, done } = anna.machine.start(['connect', room.name]);
  try {
    const shows = (text: string) => eventually(() => seen.out.includes(text));
    await shows(`${boris.username}: before`);
    child.stdin.write('I am here\n');
    await shows(`${anna.username}: I am here`);
    link.cut();
    await eventually(() => seen.err.includes('the connection is lost'));
    await boris.send(room.id, 'while you were away');
    child.stdin.write('and what I wrote\n');
    link.mend();
    await shows('while you were away');
    await shows(`${anna.username}: and what I wrote`);
    // eslint-disable-next-line no-control-regex -- no colours where there is no terminal
    expect(seen.out).not.toMatch(/\u001b/);
    child.stdin.end('and the last words\n');
    expect((await within(30_000, 'leaving', done)).code).toBe(0);
    const said = (await boris.log(room.id)).map((e) => e.text).filter((text) => text !== undefined);
    expect(said).toEqual([
      'before',
      'I am here',
      'while you were away',
      'and what I wrote',
      'and the last words',
    ]);
  } finally {
    child.kill();
    link.close();
  }
});

test('what others write does not reach the terminal as commands', async () => {
  const [anna, boris] = [await signedUp('anna'), await signedUp('boris')];
  await boris.machine.does(['send', `@${anna.username}`, '\u001b[2J\u001b]0;title\u0007 red \u009b31m']);
  // eslint-disable-next-line no-control-regex -- they are what it is about
  expect(await anna.machine.does(['history', `@${boris.username}`])).not.toMatch(/[\u0007\u001b\u009b]/);
});

test.each([
  ['no such command', ['nonsense'], 2],
  ['a missing argument', ['send'], 2],
  ['nobody signed in', ['rooms'], 3],
  ['a server that is not there', ['login', 'olga', '-s', 'http://127.0.0.1:1', '--password-stdin'], 6],
])('%s is told by the exit code, and the reason on the other stream', async (_what, args, code) => {
  const result = await new Machine().run(args, 'some password');
  expect(result).toMatchObject({ code, out: '' });
  expect(result.err).not.toBe('');
});

test('what is not text, or without end, is refused before anything is sent', async () => {
  const { machine, username } = await signedUp('olga');
  await machine.does(['create', 'chat', `Pipes of ${username}`]);
  const send = ['send', `Pipes of ${username}`];
  for (const bytes of [[0xff], [0x68, 0x69, 0xc3], [0xed, 0xa0, 0x80], [0x00, 0xfe, 0x00]])
    expect(await machine.run(send, Buffer.from(bytes))).toMatchObject({
      code: 2,
      err: 'The input is not text in UTF-8.\n',
    });
  expect(await machine.run(send, Buffer.alloc(1024 * 1024, 'a'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('longer than'),
  });
  await machine.does(send, Buffer.from('\ufeffsaid', 'utf8'));
  const texts = lines(await machine.does(['--json', 'history', `Pipes of ${username}`])).map((e) => e.text);
  expect(texts).toEqual(['said']);
});

test('two at once do not end the session', async () => {
  const { machine, username } = await signedUp('olga');
  const all = await Promise.all([1, 2, 3].map(() => machine.does(['whoami'])));
  for (const out of all) expect(out).toContain(username);
  expect(await machine.does(['whoami'])).toContain(username);
});

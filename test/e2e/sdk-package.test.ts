import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/build';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
// an empty project that finds the one dependency where npm would have put it
const project = join(ROOT, 'node_modules', '.cache', 'veche', `package-${process.pid}`);
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: project, encoding: 'utf8', timeout: 60_000 });

beforeAll(() => {
  const folder = join(project, 'node_modules', '@veche', 'client');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{"name":"somebody-elses","private":true}');
  const packed = run('npm', 'pack', '--silent', '--pack-destination', project, join(ROOT, 'dist/client'));
  run('tar', '-xzf', packed.trim(), '--strip-components=1', '-C', folder);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const use = (person: Person, roomId: string): string => `
  const [url, token] = ${JSON.stringify([person.rest.gateway, person.token])};
  const client = connect({ url, token });
  const text = 'from ' + import_;
  client.room('${roomId}').send(text).committed.then((entry) => {
    console.log(entry.seq, entry.text);
    client.close();
  });
`;

test('the folder of its sources cannot be packed by mistake, and says which one can', () => {
  expect(() => run('npm', 'pack', '--silent', join(ROOT, 'libs/client'))).toThrow('npm pack ./dist/client');
});

test('its licence is packed with it', () => {
  const folder = join(project, 'node_modules', '@veche', 'client');
  const { license, scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect([license, scripts]).toEqual(['MIT', undefined]);
  const text = readFileSync(join(folder, 'LICENSE'), 'utf8');
  for (const part of ['MIT License', 'Filip Skokan']) expect(text).toContain(part);
});

test.each([
  ['an ES module', 'mjs', "import { connect } from '@veche/client'; const import_ = 'import';"],
  ['CommonJS', 'cjs', "const { connect } = require('@veche/client'); const import_ = 'require';"],
])('what is packed works as %s, and lets its process end', async (_name, extension, head) => {
  const olga = await Person.register(doors, 'olga');
  const room = await olga.createRoom('private');
  writeFileSync(join(project, `use.${extension}`), head + use(olga, room.id));
  expect(run(process.execPath, `use.${extension}`)).toMatch(/^2 from \w+\n$/);
});

test.each(['mts', 'cts'])('its types are found from a .%s file, and are complete', (extension) => {
  const file = `types.${extension}`;
  writeFileSync(
    join(project, file),
    `import { connect, createApi, createSession, VecheError, type Entry, type Room } from '@veche/client';
     const session = createSession({ url: '' });
     const client = connect({ url: '', getToken: session.getToken });
     const room: Room = client.room('1');
     const texts: string[] = room.timeline.get().entries.flatMap((e: Entry) => (e.type === 'message.created' ? [e.text] : []));
     createApi({ url: '', getToken: session.getToken }).rooms.list().then(({ items }) => items[0]?.unread.toFixed());
     client.on('message', ({ text }) => texts.push(text));
     export const taken = (error: unknown) => error instanceof VecheError && error.code === 'username_taken';
     // @ts-expect-error there is no such code
     export const never = (error: VecheError) => error.code === 'no_such_code';`,
  );
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
  try {
    run(process.execPath, tsc, ...options, '--lib', 'es2022,dom', '--skipLibCheck', file);
  } catch (error) {
    throw new Error((error as { stdout: string }).stdout, { cause: error });
  }
});

test('every public name says what it is for', () => {
  const declarations = readFileSync(join(project, 'node_modules/@veche/client/index.d.mts'), 'utf8');
  const names = /export \{([^}]*)\}/.exec(declarations)?.[1]?.match(/\w+(?=,|\s*$|\s+as)/g) ?? [];
  const bare = [...new Set(names)].filter((name) => {
    const at = new RegExp(`^(?:declare )?(?:const|class|interface|type) ${name}\\b`, 'm').exec(
      declarations,
    )?.index;
    return at !== undefined && !declarations.slice(0, at).trimEnd().endsWith('*/');
  });
  expect(names.length).toBeGreaterThan(30);
  expect(bare).toEqual([]);
});

import { eventually, freePort } from '@veche/testing';
import { Link } from '../harness/link';
import { type Machine, signedUp, VECHE } from '../harness/machine';
import { Person, unique } from '../harness/people';
import { describeInTerminal, Terminal } from '../harness/terminal';
import { sharedDoors } from '../harness/veche';
import type { Room } from '../harness/wire';

const doors = sharedDoors();
const [gateway = ''] = doors.gateways;
// many steps one after the other, on a machine that servers and tests share
jest.setTimeout(90_000);

/** Waits until nothing that is expected fails. */
const holds = (check: () => Promise<void>): Promise<boolean> => eventually(() => check().then(() => true));

/** A terminal in which somebody talks, held against all that may be seen in it. */
class Talk {
  /** What stands before the line that is being typed. */
  prompt: string;
  /** All that was shown above it. */
  private readonly above: string[] = [];

  constructor(
    readonly terminal: Terminal,
    readonly room: Room,
  ) {
    this.prompt = `${room.name}>`;
  }

  /** Without days and times; and what waits on a slow machine may be told at any time. */
  async lines(): Promise<string[]> {
    const lines = (await this.terminal.lines()).filter((line) => !/^(── |· waiting)/.test(line));
    return lines.map((line) => line.replace(/^\d\d:\d\d\s[AP]M /, ''));
  }

  private is(lines: readonly string[]): Promise<boolean> {
    return holds(async () => expect(await this.lines()).toEqual(lines));
  }

  /** A line with its end, at once as when it is pasted. */
  enter(text: string): Promise<void> {
    return this.terminal.type(`${text}\r`);
  }

  /** Nothing but this is new, and so much is typed. */
  async shows(typed: string, ...added: string[]): Promise<void> {
    this.above.push(...added);
    await this.is([...this.above, `${this.prompt} ${typed}`.trimEnd()]);
  }

  /** The terminal is as it was: what is typed is shown by itself, and then by cat. */
  async ends(code: number, ...added: string[]): Promise<void> {
    this.above.push(...added, `left with ${code}`);
    await this.is(this.above);
    await this.enter('typed');
    await this.is([...this.above, 'typed', 'typed']);
  }
}

describeInTerminal('veche connect on a terminal', () => {
  let link: Link;
  let boris: Person;
  let machine: Machine;
  let [B, A] = ['', ''];

  beforeAll(async () => {
    link = await Link.open('the terminal', await freePort(), [Number(new URL(gateway).port)]);
    boris = await Person.register(doors, 'boris', gateway);
    const anna = await signedUp('anna', `http://127.0.0.1:${link.port}`);
    ({ machine } = anna);
    [B, A] = [boris.username, anna.username];
  });
  afterAll(() => link?.close());

  /** Anna in a chat of hers and Boris, in which he has said something. */
  const connect = async (
    { size = [60, 14], options = '' }: { size?: [number, number]; options?: string } = {},
    ...said: string[]
  ): Promise<Talk> => {
    const room = await boris.createRoom('private', [{ username: A } as Person], unique('t'));
    for (const text of said) await boris.send(room.id, text);
    const veche = `'${process.execPath}' '${VECHE}' connect ${room.name} ${options}`;
    const command = `${veche}; echo left with $?; exec cat`;
    return new Talk(await Terminal.open(command, machine.env, size), room);
  };
  const head = ({ room }: Talk): string[] => [
    `${room.name} — type to send, /help for more`,
    `* ${B} created the chat`,
    `* ${B} brought ${A} in`,
  ];
  const said = async ({ room }: Talk): Promise<string[]> =>
    (await boris.log(room.id)).flatMap(({ text }) => text ?? []);

  test('what was said, then what is being said, above the line that is being typed', async () => {
    const talk = await connect({}, 'before');
    const { room, terminal } = talk;
    await talk.shows('', ...head(talk), `${B}: before`);
    await terminal.type('half a li');
    await talk.shows('half a li');
    await boris.send(room.id, 'meanwhile\nin two lines');
    await talk.shows('half a li', `${B}: meanwhile`, '      in two lines');
    await talk.enter('ne');
    await talk.shows('', `${A}: half a line`);
    await terminal.type('never said');
    await terminal.press('Left', 'Left', 'C-c');
    await talk.shows('');
    await terminal.press('C-c');
    await talk.ends(0);
    expect(await said(talk)).toEqual(['before', 'meanwhile\nin two lines', 'half a line']);
  });

  test('nothing said while it begins is missed, and nothing typed', async () => {
    const talk = await connect({ options: '-n 3' });
    await talk.enter('early');
    let begun = false;
    const beginning = holds(async () => expect((await talk.lines()).at(-1)).toBe(talk.prompt)).finally(
      () => (begun = true),
    );
    for (let count = 0; !begun; count++) await boris.send(talk.room.id, String(count));
    await beginning;
    await holds(async () => expect(await said(talk)).toContain('early'));
    const all = (await said(talk)).map((text) => `${text === 'early' ? A : B}: ${text}`);
    await holds(async () => {
      const shown = (await talk.lines()).filter((line) => line.includes(': '));
      expect(shown).toEqual(all.slice(-shown.length));
    });
  });

  test.each([
    [60, 14],
    [20, 5],
  ])('lines of several rows in %i columns and %i rows', async (columns, rows) => {
    const talk = await connect({ size: [columns, rows] });
    const { room, terminal } = talk;
    if (columns < 40) talk.prompt = '>';
    const fits = columns - talk.prompt.length - 1;
    const row = 'a row of text '.repeat(columns).slice(0, fits - 1) + '|';
    await talk.shows('', ...head(talk));
    const says = async (line: string, text: string): Promise<void> => {
      await talk.enter(line);
      await talk.shows('', `${A}: ${text}`);
    };
    await terminal.type(`${row}, all of it pasted`);
    await talk.shows(`${row}, all of it pasted`);
    await terminal.press('BSpace', 'BSpace');
    await talk.shows(`${row}, all of it past`);
    await terminal.press('C-c');
    await talk.shows('');
    // the last key fills the row
    await terminal.type(row);
    await talk.shows(row);
    await terminal.type('and more');
    await talk.shows(`${row}and more`);
    await boris.send(room.id, 'meanwhile');
    await talk.shows(`${row}and more`, `${B}: meanwhile`);
    await says('', `${row}and more`);
    await terminal.type(row);
    await talk.shows(row);
    await says('', row);
    for (const text of [row, '漢字'.repeat(columns / 3)]) await says(text, text);
    await terminal.press('C-d');
    await talk.ends(0);
  });

  test('the window changes its size', async () => {
    const talk = await connect();
    const { room, terminal } = talk;
    await talk.shows('', ...head(talk));
    const text = 'a line that has more than one row in a narrow window, and two in a small one';
    await terminal.type(text);
    await talk.shows(text);
    for (const [columns, rows] of [
      [44, 14],
      [120, 30],
      [20, 8],
    ] as const) {
      await terminal.resize(columns, rows);
      talk.prompt = columns < 40 ? '>' : `${room.name.slice(0, columns / 4)}>`;
      await talk.shows(text);
      await boris.send(room.id, `in ${columns} columns`);
      await talk.shows(text, `${B}: in ${columns} columns`);
    }
    await terminal.press('Enter');
    await talk.shows('', `${A}: ${text}`);
  });

  test('commands', async () => {
    const talk = await connect({ options: '-n 0' }, 'long ago');
    const { room } = talk;
    const says = async (line: string, ...answer: string[]): Promise<void> => {
      await talk.enter(line);
      await talk.shows('', ...answer);
    };
    const [title = '', ...begin] = head(talk);
    await talk.shows('', title);
    await boris.send(room.id, 'now');
    await talk.shows('', `${B}: now`);
    await says('/older', ...begin, `${B}: long ago`, '─ up to here');
    await says('/older', '· this is the beginning');
    await says('/who', `${B} (owner), ${A}`);
    await says('/whom', '· there is no /whom; /help tells what there is');
    await says('/react', '· /react <emoji>');
    await says('//who is a command', `${A}: /who is a command`);
    await says(
      '/help',
      '/reply <text>   answer the last message of somebody else',
      '/react <emoji>  react to the message that /reply answers; /unreact ends it',
      '/edit <text>    say something else in your last message',
      '/delete         take your last message back',
      '/who            who is in this chat',
      '/status [text]  what you say of yourself, an emoji first if you like;',
      '                nothing takes it back',
      '/older          more of what was said before',
      '/invite <name>  bring somebody in',
      '/leave          leave this chat for good',
      '/quit           end this, and stay a member (Ctrl-D does, too)',
      '//text          says "/text"',
    );
    await talk.enter('/leave');
    await eventually(async () => (await talk.lines()).at(-1) === 'left with 0');
    expect((await boris.log(room.id)).at(-1)?.type).toBe('member.left');
  });

  test('the connection is lost and comes back', async () => {
    const talk = await connect();
    const { room, terminal } = talk;
    const name = talk.prompt.slice(0, -1);
    await talk.shows('', ...head(talk));
    const goesOffline = async (): Promise<void> => {
      talk.prompt = `${name} (offline)>`;
      await talk.shows('', '· the connection is lost; what you write is sent when it is back');
    };
    const waits = async (text: string): Promise<void> => {
      await talk.enter(text);
      await holds(async () => expect(await terminal.lines()).toContain(`· waiting to be sent: ${text}`));
      await talk.shows('');
    };
    try {
      link.cut();
      await goesOffline();
      await waits('in a tunnel');
      for (const text of ['are you', 'still there?']) await boris.send(room.id, text);
      link.mend();
      talk.prompt = `${name}>`;
      await talk.shows('', '· connected again', `${B}: are you`, `${B}: still there?`, `${A}: in a tunnel`);
      link.cut();
      // the next try is under way when the time has come to leave
      link.stall();
      await goesOffline();
      await waits('too late');
      await terminal.press('C-d');
      await talk.ends(0, '· not sent: too late (The connection was closed)');
    } finally {
      link.mend();
    }
    expect(await said(talk)).toEqual(['are you', 'still there?', 'in a tunnel']);
  });

  test('who is removed is told, and it ends', async () => {
    const talk = await connect();
    await talk.shows('', ...head(talk));
    await talk.terminal.type('I have always');
    await talk.shows('I have always');
    const { userId } =
      (await boris.log(talk.room.id)).find((e) => e.type === 'member.joined' && e.userId !== boris.id) ?? {};
    await boris.rest.delete(`/rooms/${talk.room.id}/members/${userId}`);
    await talk.ends(5, `* ${B} removed ${A}`, 'You are not in this chat any more');
  });
});

import {
  type Api,
  type Attachment,
  connect,
  type Entry,
  type RoomOverview,
  type RoomPreferencesChange,
  VecheError,
} from '@veche/client';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { forgetAccount } from './account-file';
import { chatOf, isCalled, myChats, publicChat } from './chats';
import { entryText } from './entry-text';
import { SERVER } from './environment';
import { downloadFile, uploadFile } from './files';
import { EXIT, Failure, failureOf } from './failure';
import { Names } from './names';
import { operate } from './operate';
import { preferencesText } from './preferences-text';
import { find, hitTexts } from './search';
import { sessionAt, signedIn } from './signed-in';
import { momentOf, statusText } from './status-text';
import { apiKeyText } from './api-key-text';
import { talk } from './talk';
import { threadText } from './thread-text';
import { ask, print, printable, readInput, styled } from './terminal';

// what a bundled library uses that a newer Node advises against is ours to mend, and no news for somebody who talks
process.noDeprecation = true;

const HERE = 'http://127.0.0.1:8080';
/** How long a message may take to be committed. */
const SEND_MS = 30_000;
const PAGE = 1000;

interface SendingOptions {
  readonly file?: string[];
  readonly thread?: number;
  readonly alsoInRoom?: boolean;
}

interface ThreadOptions {
  readonly limit: number;
  readonly follow?: boolean;
  readonly unfollow?: boolean;
}

const program = new Command('veche')
  .description('Talk in a Veche chat from a terminal or a script.')
  .option('--json', 'answers for programs: JSON, one value in a line where there are many')
  .showHelpAfterError('(veche --help tells more)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Begin like this:
  veche login --server https://chat.example.org
  veche create chat "Bridge builders" --with boris,vera
  veche connect "Bridge builders"

In scripts:
  uptime | veche send Operations
  veche --json history Operations | jq -r 'select(.text) | .text'

A <chat> is one of yours by its name, by the beginnings of its words where that
means but one, or by its id; or @somebody for the two of you.
Exit codes: 0 done, 1 failed, 2 used wrongly, 3 not signed in, 4 no such chat or
person, 5 refused, 6 server out of reach.
You stay signed in on this machine until veche logout.`,
  );

const json = (): boolean => program.opts<{ json?: boolean }>().json === true;
/** One answer: as it is for programs, in words for people. */
const answer = (value: unknown, words: string): void => print(json() ? JSON.stringify(value) : words);

const count = (value: string): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError('It must be a whole number.');
  return number;
};
const moment = (value: string): string => {
  const time = momentOf(value, Date.now());
  if (time === undefined)
    throw new InvalidArgumentError('It must be like 30m, 2h, 3d, or a time in ISO 8601.');
  return time;
};
/** Each in a line, with what is unread in it. */
const printChats = async (api: Api, rooms: readonly RoomOverview[]): Promise<void> => {
  const called = new Names(api);
  const { id: me } = await api.users.me();
  for (const room of rooms) {
    const name = printable(await called.ofChat(room, me));
    const calling =
      room.mentions > 0 ? `, ${room.mentions} ${room.mentions === 1 ? 'mentions' : 'mention'} you` : '';
    const unread = room.unread > 0 ? styled('bold', ` (${room.unread} unread${calling})`) : '';
    print(`${name}${unread}${room.topic && styled('dim', `  ${printable(room.topic)}`)}`);
  }
};
const names = (value: string): string[] => value.split(',').map((name) => name.trim().replace(/^@/, ''));

program
  .command('login')
  .description('sign in on this machine')
  .argument('[name]', 'your username or email address; asked for when left out')
  .option('-s, --server <url>', 'where the server is', SERVER ?? HERE)
  .option('--register', 'create the account')
  .option('--email <address>', 'for --register')
  .option('--password-stdin', 'read the password from standard input')
  .action(async (name: string | undefined, options: LoginOptions) => {
    const server = options.server.replace(/\/+$/, '');
    const login = name ?? (await ask(options.register ? 'Username: ' : 'Username or email: '));
    const email = options.register ? (options.email ?? (await ask('Email: '))) : '';
    const password = options.passwordStdin
      ? (await readInput()).replace(/\r?\n$/, '')
      : await ask('Password: ', { hidden: true });
    const session = sessionAt(server);
    const user = options.register
      ? await session.register({ username: login, email, password })
      : await session.login({ login, password });
    answer(user, `You are signed in to ${server} as ${user.username}.`);
  });

interface PrefsOptions {
  level?: NonNullable<RoomPreferencesChange['level']>;
  mute?: string | true;
  unmute?: boolean;
  favourite?: boolean;
  hide?: boolean;
}

interface StatusOptions {
  emoji?: string;
  until?: string;
  away?: boolean;
  dnd?: boolean;
}

interface LoginOptions {
  server: string;
  register?: boolean;
  email?: string;
  passwordStdin?: boolean;
}

program
  .command('logout')
  .description('sign out on this machine')
  .action(async () => {
    const { session } = signedIn();
    try {
      await session.logout();
    } finally {
      forgetAccount();
    }
    answer({}, 'You are signed out.');
  });

program
  .command('whoami')
  .description('who is signed in, and where')
  .action(async () => {
    const { api, server } = signedIn();
    const user = await api.users.me();
    answer(
      { ...user, server },
      `${user.username} (${printable(user.displayName)}, ${user.email}) at ${server}`,
    );
  });

program
  .command('status')
  .description('say something of yourself, or take it back: nothing is kept of what you leave out')
  .argument('[words...]', 'at most 100 characters')
  .option('-e, --emoji <emoji>', 'one emoji')
  .option('-u, --until <time>', 'when it ends: 30m, 2h, 3d, or a time in ISO 8601', moment)
  .option('--away', 'be shown as away')
  .option('--dnd', 'be shown as not to be disturbed')
  .action(async (words: string[], { emoji, until, away, dnd }: StatusOptions) => {
    const { api } = signedIn();
    const said = { emoji, text: words.join(' ') || undefined, until };
    const presence = await api.users.setStatus({
      ...said,
      availability: dnd ? 'dnd' : away ? 'away' : undefined,
    });
    answer(presence, `You are shown as: ${statusText(presence)}`);
  });

program
  .command('rooms')
  .description('your chats, the one with the newest message first')
  .action(async () => {
    const { api } = signedIn();
    const rooms = await myChats(api);
    if (json()) return print(JSON.stringify(rooms));
    await printChats(api, rooms);
    if (rooms.length === 0) print('You have no chats. Begin one: veche create chat <name> --with somebody');
  });

program
  .command('unread')
  .description('your chats in which something is unread')
  .action(async () => {
    const { api } = signedIn();
    const rooms = (await myChats(api)).filter(({ unread }) => unread > 0);
    if (json()) return print(JSON.stringify(rooms));
    await printChats(api, rooms);
    if (rooms.length === 0) print('Nothing is unread.');
  });

program
  .command('read-all')
  .description('you have read everything, in all of your chats')
  .action(async () => {
    const { api } = signedIn();
    await api.rooms.markAllRead();
    answer({}, 'Everything is read.');
  });

program
  .command('prefs')
  .description('how you have a chat, on all of your devices; with options, changes that first')
  .argument('<chat>')
  .addOption(
    new Option('-l, --level <level>', 'of what you are notified').choices([
      'all',
      'mentions',
      'nothing',
      'default',
    ]),
  )
  .option(
    '-m, --mute [time]',
    'nothing in it calls you: for good, or until 30m, 2h, 3d, a time in ISO 8601',
    moment,
  )
  .option('--unmute', 'it calls you again')
  .option('-f, --favourite', 'it stands before others')
  .option('--no-favourite', 'it does not')
  .option('--hide', 'a chat of two is out of sight until its next message')
  .action(async (chat: string, { level, mute, unmute, favourite, hide }: PrefsOptions) => {
    const { api } = signedIn();
    const { id } = await chatOf(api, chat);
    const change: RoomPreferencesChange = {
      level,
      ...(mute !== undefined && { muted: true, mutedUntil: mute === true ? undefined : mute }),
      ...(unmute && { muted: false }),
      favourite,
      hidden: hide,
    };
    const isChange = Object.values(change).some((value) => value !== undefined);
    const preferences = await (isChange ? api.rooms.prefer(id, change) : api.rooms.preferences(id));
    answer(preferences, `${chat}: ${preferencesText(preferences, Date.now())}`);
  });

program
  .command('create')
  .description('create a chat')
  .command('chat')
  .description('create a chat, with you as its owner')
  .argument('<name>', '3 to 64 characters')
  .option('-p, --private', 'only those who are brought in may join')
  .option('-w, --with <names>', 'usernames of the first members, with commas between them', names)
  .option('-t, --topic <text>', 'what it is about')
  .action(async (name: string, options: { private?: boolean; with?: string[]; topic?: string }) => {
    const { api } = signedIn();
    const kind = options.private ? 'private' : 'public';
    const room = await api.rooms.create({ name, kind, members: options.with, topic: options.topic });
    answer(room, `"${room.name}" is there, ${kind}. Talk in it: veche connect "${room.name}"`);
  });

program
  .command('join')
  .description('join a public chat')
  .argument('<chat>', 'its name')
  .action(async (name: string) => {
    const { api } = signedIn();
    const found = await publicChat(api, name);
    if (!found) throw new Failure(`There is no public chat "${name}".`, EXIT.notFound, 'room_not_found');
    const room = await api.rooms.join(found.id);
    answer(room, `You are in "${room.name}".`);
  });

program
  .command('invite')
  .description('bring somebody into a chat; who has left it is asked first')
  .argument('<chat>')
  .argument('<username>')
  .action(async (chat: string, username: string) => {
    const { api } = signedIn();
    const { id } = await chatOf(api, chat);
    const added = await api.members.add(id, { username });
    const asked = 'invited' in added;
    answer(added, asked ? `${username} had left, and is asked to come back.` : `${username} is in the chat.`);
  });

program
  .command('invitations')
  .description('chats that you have left, and are asked back into')
  .option('--accept <chat>', 'come back')
  .option('--decline <chat>', 'stay away')
  .action(async (options: { accept?: string; decline?: string }) => {
    const { api } = signedIn();
    const { items } = await api.invitations.list();
    const wanted = options.accept ?? options.decline;
    if (wanted !== undefined) {
      const room = items.find((one) => isCalled(one.room, wanted))?.room;
      if (!room) throw new Failure(`Nobody asks you into "${wanted}".`, EXIT.notFound, 'room_not_found');
      if (options.accept === undefined) {
        await api.invitations.decline(room.id);
        return answer({}, `You stay out of "${room.name}".`);
      }
      return answer(await api.invitations.accept(room.id), `You are in "${room.name}".`);
    }
    if (json()) return print(JSON.stringify(items));
    const called = new Names(api);
    await called.learn(items.map(({ invitedBy }) => invitedBy));
    for (const { room, invitedBy } of items)
      print(`${printable(room.name ?? '')}${styled('dim', `  asked by ${called.of(invitedBy)}`)}`);
    if (items.length === 0) print('Nobody asks you back.');
  });

program
  .command('connect')
  .description('talk: what was said, then what is being said; type to send, /help for more')
  .argument('<chat>')
  .option('-n, --history <count>', 'entries to show first', count, 30)
  .action(async (chat: string, { history }: { history: number }) => {
    const account = signedIn();
    const room = await chatOf(account.api, chat);
    await talk(account, room, { json: json(), history: Math.min(history, PAGE) });
  });

program
  .command('send')
  .description('say one thing')
  .argument('<chat>')
  .argument('[words...]', 'what to say; read from standard input when left out, or -')
  .option('-f, --file <path...>', 'files to send with it; then it may say nothing')
  .option('-t, --thread <number>', 'in the thread of the message with this number', count)
  .option('--also-in-room', 'with --thread: show it in the chat too')
  .action(async (chat: string, words: string[], options: SendingOptions) => {
    const { file: paths = [], thread: threadSeq, alsoInRoom } = options;
    const { api, server, session } = signedIn();
    const input = (words.length === 0 && paths.length === 0) || (words.length === 1 && words[0] === '-');
    const text = input ? (await readInput()).trimEnd() : words.join(' ');
    const { id } = await chatOf(api, chat);
    const attachments: Attachment[] = [];
    for (const path of paths) attachments.push(await uploadFile(api, path));
    const client = connect({ url: server, getToken: session.getToken });
    try {
      const late = new Promise<never>((_, reject) => {
        setTimeout(() => reject(new VecheError('unreachable')), SEND_MS).unref();
      });
      const entry = await Promise.race([
        client.room(id).send(text, {
          ...(attachments.length > 0 && { attachments }),
          ...(threadSeq !== undefined && { threadSeq, alsoInRoom }),
        }).committed,
        late,
      ]);
      if (json()) print(JSON.stringify(entry));
    } finally {
      client.close();
    }
  });

program
  .command('download')
  .description('save a file of a message; history says its id')
  .argument('<id>')
  .argument('[path]', 'where to; standard output when it is -')
  .action(async (id: string, path: string | undefined) => {
    const saved = await downloadFile(signedIn().api, id, path);
    if (saved !== undefined) print(saved);
  });

program
  .command('history')
  .description('what was said lately, oldest first')
  .argument('<chat>')
  .option('-n, --limit <count>', 'how many messages', count, 50)
  .action(async (chat: string, { limit }: { limit: number }) => {
    const { api } = signedIn();
    const { id } = await chatOf(api, chat);
    const found: Entry[] = [];
    for (let before: number | undefined; found.length < limit;) {
      const page = await api.messages.list(id, { before, limit: Math.min(100, limit - found.length) });
      found.push(...page.items);
      before = page.nextBefore;
      if (before === undefined) break;
    }
    await tell(found.reverse(), new Names(api), print);
  });

program
  .command('threads')
  .description('the threads that you follow, the one with the newest reply first')
  .option('-n, --limit <count>', 'how many at most', count, 20)
  .action(async ({ limit }: { limit: number }) => {
    const { api } = signedIn();
    const { items } = await api.threads.list({ limit: Math.min(limit, 100) });
    if (json()) return items.forEach((thread) => print(JSON.stringify(thread)));
    if (items.length === 0) return print('You follow no threads.');
    const called = new Names(api);
    await called.learnFrom(items.map(({ root }) => root));
    const { id: me } = await api.users.me();
    const chats = new Map((await myChats(api)).map((room) => [room.id, room]));
    for (const thread of items) {
      const chat = chats.get(thread.roomId);
      print(threadText(thread, chat ? await called.ofChat(chat, me) : '', called.of));
    }
    return undefined;
  });

program
  .command('thread')
  .description('what was said lately in a thread, oldest first; veche send --thread adds to it')
  .argument('<chat>')
  .argument('<number>', 'of the message that it hangs on: seq in veche --json history', count)
  .option('-n, --limit <count>', 'how many replies', count, 50)
  .option('--follow', 'follow it from now on')
  .option('--unfollow', 'follow it no more')
  .action(async (chat: string, seq: number, options: ThreadOptions) => {
    const { api } = signedIn();
    const { id } = await chatOf(api, chat);
    if (options.follow) await api.threads.follow(id, seq);
    if (options.unfollow) await api.threads.unfollow(id, seq);
    const { root } = await api.threads.get(id, seq);
    const { items } = await api.threads.messages(id, seq, { limit: Math.min(options.limit, 100) });
    await tell([root, ...items.reverse()], new Names(api), print);
  });

program
  .command('pin')
  .description('keep a message of a chat at hand, for everybody in it')
  .argument('<chat>')
  .argument('<number>', 'of the message: seq in veche --json history', count)
  .option('--remove', 'take the pin away instead')
  .action(async (chat: string, seq: number, options: { remove?: boolean }) => {
    const { api } = signedIn();
    const { id } = await chatOf(api, chat);
    await (options.remove ? api.pins.remove : api.pins.add)(id, seq);
    answer({}, options.remove ? `Message ${seq} is not pinned.` : `Message ${seq} is pinned.`);
  });

program
  .command('pins')
  .description('the pinned messages of a chat with their numbers, the one that was pinned last first')
  .argument('<chat>')
  .action(async (chat: string) => {
    const { api } = signedIn();
    const { id } = await chatOf(api, chat);
    const { items } = await api.pins.list(id);
    const called = new Names(api);
    if (!json()) await called.learnFrom(items);
    for (const entry of items)
      print(
        json() ? JSON.stringify(entry) : `${styled('dim', String(entry.seq))} ${entryText(entry, called.of)}`,
      );
    if (!json() && items.length === 0) print('Nothing is pinned there.');
  });

program
  .command('search')
  .description('messages in your chats, the best first, and words in any of their forms')
  .argument('<words...>', 'words, "exact phrases" and filters')
  .option('-r, --room <chat>', 'only there')
  .option('-n, --limit <count>', 'how many at most', count, 20)
  .option('--newest', 'the newest first')
  .addHelpText(
    'after',
    `
Filters: from:anna, from:me, in:general, in:@anna, before:2026-01-31,
after:2026-01-31, has:link, has:code. For example:
  veche search bridge from:anna
  veche search '"old bridge" after:2026-01-31' --room general
With --json each line is a message that was found: {roomId, seq, message,
excerpt, marks}, where marks are ranges in excerpt, in UTF-16 units.`,
  )
  .action(async (words: string[], { room, limit, newest }: FindOptions) => {
    const { api } = signedIn();
    const chat = room === undefined ? undefined : await chatOf(api, room);
    const order = newest ? 'newest' : undefined;
    const hits = await find(api, words.join(' '), { roomId: chat?.id, order, limit });
    if (json()) return hits.forEach((hit) => print(JSON.stringify(hit)));
    const { id: me } = await api.users.me();
    (await hitTexts(api, hits, new Names(api), me)).forEach(print);
    if (hits.length === 0) print('Nothing was found.');
  });

interface FindOptions {
  room?: string;
  limit: number;
  newest?: boolean;
}

program
  .command('export')
  .description('everything that ever happened in a chat, oldest first')
  .argument('<chat>')
  .option('-o, --output <file>', 'instead of standard output')
  .addHelpText(
    'after',
    '\nWith --json each line is an entry as the server has it; without, it is text to read.',
  )
  .action(async (chat: string, { output }: { output?: string }) => {
    const { api } = signedIn();
    const { id } = await chatOf(api, chat);
    const file = output === undefined ? undefined : createWriteStream(output, { mode: 0o600 });
    // before anything is fetched for it
    if (file) await once(file, 'open');
    const put = (line: string): boolean => (file ?? process.stdout).write(`${line}\n`);
    const called = new Names(api);
    for (let after = 0, complete = false; !complete;) {
      const page = await api.messages.events(id, { after, limit: PAGE });
      await tell(page.items, called, (line) => void put(line));
      // a slow disk, or a slow reader of the pipe, must not gather the whole chat in memory
      const stream = file ?? process.stdout;
      if (stream.writableNeedDrain) await once(stream, 'drain');
      complete = page.complete || page.items.length === 0;
      after = page.items.at(-1)?.seq ?? after;
    }
    if (file) await new Promise((resolve) => file.end(resolve));
  });

const apiKeys = program.command('api-keys').description('for admins: the keys by which server programs call');
apiKeys
  .command('list', { isDefault: true })
  .description('which there are, the newest first')
  .action(async () => {
    const { api } = signedIn();
    const { items } = await api.admin.apiKeys.list();
    for (const key of items) print(json() ? JSON.stringify(key) : apiKeyText(key));
    if (!json() && items.length === 0) print('There are no API keys.');
  });
apiKeys
  .command('create')
  .description('make one; its secret is shown now and never again')
  .argument('<name>', 'what it is for')
  .requiredOption('-s, --scope <names>', 'what it may do, with commas: users.provision, users.read …', names)
  .option('-e, --expires <time>', 'when it ends: 30d, or a time in ISO 8601', moment)
  .action(async (name: string, { scope, expires }: { scope: string[]; expires?: string }) => {
    const { api } = signedIn();
    const key = await api.admin.apiKeys.create({ name, scopes: scope, expiresAt: expires });
    answer(
      key,
      `${key.secret}\nKeep it: it is not shown again. Programs send it as Authorization: Bearer vk_…`,
    );
  });
apiKeys
  .command('rotate')
  .description('give one a new secret, beside which the one before works for a while')
  .argument('<id>', 'as in veche api-keys list')
  .option('-o, --overlap <seconds>', 'for how long; 0 ends it at once', count, 86_400)
  .action(async (id: string, { overlap }: { overlap: number }) => {
    const { api } = signedIn();
    const key = await api.admin.apiKeys.rotate(id, overlap);
    const until = key.previousUntil ? `until ${key.previousUntil}` : 'no more';
    answer(key, `${key.secret}\nKeep it: it is not shown again. The one before works ${until}.`);
  });
apiKeys
  .command('revoke')
  .description('end one: it is refused from now on')
  .argument('<id>', 'as in veche api-keys list')
  .action(async (id: string) => {
    const { api } = signedIn();
    await api.admin.apiKeys.revoke(id);
    answer({}, 'The key is revoked.');
  });

program
  .command('migrate')
  .description('for operators: brings the tables of auth and chat to this version, or says how they are')
  .argument(
    '<direction>',
    'up, status, or down: the last step is taken back, with the data that only it has room for',
  )
  .argument('[service]', 'auth or chat; both when left out')
  .action((direction: string, service?: string) =>
    operate(['migrate', direction, ...(service ? [service] : [])]),
  );

program
  .command('config')
  .description('for operators: what is set and where it was found, and what is wrong with it')
  .argument('<what>', 'check')
  .action((what: string) => operate(['config', what]));

program
  .command('rebuild')
  .description('for operators: fills the search index anew from what was said')
  .argument('<what>', 'search')
  .action((what: string) => operate(['rebuild', what]));

program
  .command('doctor')
  .description('for operators: looks at everything that a start of the server needs')
  .action(() => operate(['doctor']));

const keys = program
  .command('keys')
  .description('for operators: the keys that access tokens are signed with');
keys
  .command('list')
  .description('which there are, and what each does')
  .action(() => operate(['keys', 'list']));
keys
  .command('rotate')
  .description('adds a key that takes over after a while; nobody is logged out, and servers that run go on')
  .option('--in <seconds>', 'when it takes over: 600 when left out, no less than 15 where auth has replicas')
  .option(
    '--drop-old',
    'at once, and tokens of the keys there are count no more: where one is in wrong hands',
  )
  .option(
    '--to <file>',
    'writes the keys into a new file, for whoever hands them out, and changes nothing else',
  )
  .action(({ in: seconds, dropOld, to }: { in?: string; dropOld?: boolean; to?: string }) =>
    operate([
      ...['keys', 'rotate'],
      ...(seconds === undefined ? [] : [`--in=${seconds}`]),
      ...(dropOld ? ['--drop-old'] : []),
      ...(to === undefined ? [] : [`--to=${to}`]),
    ]),
  );

program
  .command('backup')
  .description('for operators: everything that the server keeps in one file, also while it runs')
  .argument('<file>', 'a new one; it holds what people have said, and keys')
  .action((file: string) => operate(['backup', file]));

program
  .command('restore')
  .description(
    'for operators: fills an empty place with a backup; interrupted, it goes on when it is called again',
  )
  .argument('<file>')
  .option('--check', 'only says whether it is whole, and what is in it')
  .action((file: string, { check }: { check?: boolean }) =>
    operate(['restore', ...(check ? ['--check'] : []), file]),
  );

program
  .command('move')
  .description('for operators: takes everything to PostgreSQL, or back to a folder, while no server runs')
  .option(
    '--to <place>',
    'the URL of a database, or a folder that is to be DATA_DIR; again, it goes on where it was',
  )
  .option('--cancel', 'lets the server start again where a move was begun')
  .action(({ to, cancel }: { to?: string; cancel?: boolean }) => {
    if ((to === undefined) !== (cancel === true))
      throw new Failure('Say where to: --to <place>, or --cancel', EXIT.usage, 'usage');
    return operate(['move', ...(to === undefined ? ['--cancel'] : ['--to', to])]);
  });

const tell = async (entries: readonly Entry[], called: Names, put: (line: string) => void): Promise<void> => {
  if (!json()) await called.learnFrom(entries);
  for (const entry of entries) {
    const line = json() ? JSON.stringify(entry) : entryText(entry, called.of);
    if (line !== undefined) put(line);
  }
};

const main = async (): Promise<void> => {
  // head, and others who have read enough
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    else {
      const failure = failureOf(error);
      process.stderr.write(
        json()
          ? `${JSON.stringify({ code: failure.code, message: failure.message })}\n`
          : `${failure.message}\n`,
      );
      process.exitCode = failure.exitCode;
    }
  }
};

void main();

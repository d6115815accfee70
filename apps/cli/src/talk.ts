import {
  calls,
  type Client,
  connect,
  type ConnectionState,
  type Entry,
  isInRoom,
  isVisible,
  type MessageCreated,
  type RoomData,
  type SendOptions,
  VecheError,
} from '@veche/client';
import { Readable } from 'node:stream';
import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import { dayOf, entryText } from './entry-text';
import { EXIT, Failure, failureOf } from './failure';
import { Names } from './names';
import type { SignedIn } from './signed-in';
import { statusOf, statusText } from './status-text';
import { inputText, print, printable, styled } from './terminal';

/** How long the first connection may take. */
const FIRST_MS = 20_000;
/** A message that is not there by then is said to be waiting. */
const SOON_MS = 500;
/** How long what was given by a pipe may take to be committed. */
const LAST_MS = 30_000;

const HELP = `/reply <text>   answer the last message of somebody else
/react <emoji>  react to the message that /reply answers; /unreact ends it
/edit <text>    say something else in your last message
/delete         take your last message back
/who            who is in this chat
/status [text]  what you say of yourself, an emoji first if you like;
                nothing takes it back
/older          more of what was said before
/invite <name>  bring somebody in
/leave          leave this chat for good
/quit           end this, and stay a member (Ctrl-D does, too)
//text          says "/text"`;

/** Shows a chat, first its history and then what happens, and says what is typed. Done when the user quits. */
export const talk = async (
  { server, session, api }: SignedIn,
  chat: RoomData,
  { json, history }: { json: boolean; history: number },
): Promise<void> => {
  const client = connect({ url: server, getToken: session.getToken });
  try {
    await online(client);
    await new Talk(client, chat, new Names(api), json).run(history);
  } finally {
    client.close();
  }
};

/** @throws Failure where there is no connection in time */
const online = (client: Client): Promise<void> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Failure('The server does not answer', EXIT.unreachable, 'unreachable')),
      FIRST_MS,
    );
    const look = (): void => {
      const state = client.connection.get();
      const loaded = state.status === 'online' && client.rooms.get().loaded;
      if (!loaded && state.status !== 'ended') return;
      clearTimeout(late);
      stop.forEach((end) => end());
      if (loaded) resolve();
      else reject(failureOf(new VecheError('session_ended')));
    };
    const stop = [client.connection.subscribe(look), client.rooms.subscribe(look)];
    look();
  });

class Talk {
  /**
   * With what readline does not document: how many rows below the start of the line it believes the cursor, and
   * whether this key is the last of those that came together.
   */
  private readonly lines: Interface & { prevRows?: number; readonly isCompletionEnabled?: boolean };
  private readonly room;
  private title = '';
  private day = '';
  /** The last number that is on the screen. */
  private shown = 0;
  private oldest = 0;
  /** The numbers of what the user said here and has not taken back. */
  private own: number[] = [];
  /** The number of the last message of somebody else. */
  private answerable?: number;
  private answerTo?: SendOptions;
  /** One thing is printed after the other, whatever has to be looked up for it. */
  private printing: Promise<void> = Promise.resolve();
  private status: ConnectionState['status'] = 'online';
  private readonly onScreen = Boolean(process.stdin.isTTY && process.stdout.isTTY);
  private listening = false;
  private leaving = false;
  private end: (error?: Failure) => void = () => undefined;

  constructor(
    private readonly client: Client,
    private readonly chat: RoomData,
    private readonly names: Names,
    private readonly json: boolean,
  ) {
    this.room = client.room(chat.id);
    const input = this.onScreen ? process.stdin : Readable.from(inputText());
    input.on('error', (error) => this.end(failureOf(error)));
    this.lines = createInterface({
      input,
      output: this.onScreen ? process.stdout : undefined,
      terminal: this.onScreen,
      historySize: 100,
    });
    // until somebody listens
    this.lines.pause();
  }

  async run(history: number): Promise<void> {
    this.title = printable(await this.names.ofChat(this.chat, this.client.userId ?? ''));
    const head = this.room.overview.get()?.lastSeq ?? 0;
    const first = Math.max(0, head - history);
    this.shown = this.oldest = first;
    const early: Entry[] = [];
    const begun = this.client.on('entry', (entry) => void early.push(entry));
    const { items } = await this.client.api.messages
      .events(this.chat.id, { after: first, limit: Math.max(1, history) })
      .finally(begun);
    if (this.onScreen && !this.json) print(styled('dim', `${this.title} — type to send, /help for more`));
    for (const entry of [...items, ...early]) this.show(entry);
    const stop = [
      // of a large room else not everything is told
      this.room.enter(),
      this.client.on('entry', (entry) => this.show(entry)),
      this.client.on('room:removed', ({ roomId }) => {
        if (roomId === this.chat.id && !this.leaving)
          this.end(new Failure('You are not in this chat any more', EXIT.refused, 'not_a_member'));
      }),
      this.client.on('room:skipped', ({ roomId }) => {
        if (roomId !== this.chat.id) return;
        this.oldest = this.room.overview.get()?.lastSeq ?? this.oldest;
        this.note('much was said meanwhile; /older shows it');
      }),
      this.client.connection.subscribe(() => this.connectionChanged()),
    ];
    try {
      await this.printing;
      await new Promise<void>((resolve, reject) => {
        this.end = (error) => (error ? reject(error) : resolve());
        this.listen();
      });
    } finally {
      stop.forEach((end) => end());
      this.lines.close();
      await this.printing;
    }
  }

  private listen(): void {
    const last: Promise<unknown>[] = [];
    this.lines.on('line', (line) => {
      this.eraseTyped(line);
      this.prompt();
      const said = this.take(line);
      if (said) last.push(said);
    });
    // Ctrl-C empties the line first, as in a shell; all of it, wherever the cursor is
    this.lines.on('SIGINT', () => {
      if (this.lines.line === '') return this.lines.close();
      this.lines.write(null, { ctrl: true, name: 'e' });
      this.lines.write(null, { ctrl: true, name: 'u' });
    });
    process.stdin.prependListener('keypress', (_text, { name }: { name?: string }) =>
      this.beforeKey(name === 'return' || name === 'enter'),
    );
    // before readline, which knows the old width: the terminal has wrapped what is typed by the new one
    process.stdout.prependListener('resize', () => {
      this.erasePrompt();
      this.prompt();
    });
    this.lines.on('close', () => {
      this.erasePrompt();
      this.listening = false;
      // what a pipe has said is said before the end
      const late = new Promise<never>((_, reject) =>
        setTimeout(() => reject(new VecheError('unreachable')), this.onScreen ? SOON_MS : LAST_MS).unref(),
      );
      Promise.race([Promise.all(last), late]).then(
        () => this.end(),
        (error: unknown) => this.end(this.onScreen ? undefined : failureOf(error)),
      );
    });
    this.listening = true;
    this.prompt();
    this.lines.resume();
  }

  /** @returns when what was said is committed, if something was said */
  private take(line: string): Promise<unknown> | undefined {
    if (!isVisible(line)) return undefined;
    if (line.startsWith('/') && !line.startsWith('//') && this.onScreen) {
      this.obey(line).catch((error: unknown) => this.note(failureOf(error).message));
      return undefined;
    }
    const text = line.startsWith('//') ? line.slice(1) : line;
    return this.say(text);
  }

  private say(text: string, options?: SendOptions): Promise<unknown> {
    const { committed } = this.room.send(text, options);
    const waiting = setTimeout(() => this.note(`waiting to be sent: ${printable(text)}`), SOON_MS);
    committed.then(
      ({ seq }) => {
        clearTimeout(waiting);
        this.room.markRead(seq);
      },
      (error: unknown) => {
        clearTimeout(waiting);
        this.note(`not sent: ${printable(text)} (${failureOf(error).message})`);
      },
    );
    return committed;
  }

  private async obey(line: string): Promise<void> {
    const [command = '', ...rest] = line.trim().split(/\s+/);
    const { api } = this.client;
    const text = line.trim().slice(command.length).trim();
    const last = this.own.at(-1);
    switch (command) {
      case '/help':
        return this.put(HELP);
      case '/reply':
        if (this.answerable === undefined) return this.note('nobody else has said anything yet');
        if (isVisible(text)) void this.say(text, this.answerTo).catch(() => undefined);
        return;
      case '/react':
      case '/unreact':
        if (this.answerable === undefined) return this.note('nobody else has said anything yet');
        if (text === '') return this.note(`${command} <emoji>`);
        return this.room.react(this.answerable, text, command === '/react');
      case '/edit':
        if (last === undefined) return this.note('you have said nothing here yet');
        return isVisible(text) ? this.room.edit(last, text) : this.note('/edit <text>');
      case '/delete':
        return last === undefined ? this.note('you have said nothing here yet') : this.room.delete(last);
      case '/who': {
        const { items } = await api.members.list(this.chat.id, { limit: 1000 });
        await this.names.learn(items.map(({ userId }) => userId));
        const named = items.map(
          ({ userId, role }) => this.names.of(userId) + (role === 'member' ? '' : ` (${role})`),
        );
        return this.put(named.join(', '));
      }
      case '/status': {
        const presence = await this.client.setStatus(statusOf(text));
        return this.note(`you are shown as: ${statusText(presence)}`);
      }
      case '/older':
        return this.showOlder();
      case '/invite':
        if ('invited' in (await api.members.add(this.chat.id, { username: rest[0] ?? '' })))
          this.note(`${rest[0]} had left, and is asked to come back`);
        return;
      case '/leave':
        return this.leave();
      case '/quit':
        return this.lines.close();
      default:
        this.note(`there is no ${command}; /help tells what there is`);
    }
  }

  private async leave(): Promise<void> {
    // the server tells that this member is gone, perhaps before it answers
    this.leaving = true;
    try {
      await this.client.api.rooms.leave(this.chat.id);
      this.lines.close();
    } catch (error) {
      this.leaving = false;
      throw error;
    }
  }

  private async showOlder(): Promise<void> {
    if (this.oldest === 0) return this.note('this is the beginning');
    const after = Math.max(0, this.oldest - 50);
    const { items } = await this.client.api.messages.events(this.chat.id, {
      after,
      limit: this.oldest - after,
    });
    await this.names.learnFrom(items);
    this.oldest = after;
    this.put(
      [
        ...items.map((entry) => entryText(entry, this.names.of, undefined, this.client.userId)),
        styled('dim', '─ up to here'),
      ].join('\n'),
    );
  }

  private show(entry: Entry): void {
    if (entry.roomId !== this.chat.id || entry.seq <= this.shown) return;
    this.shown = entry.seq;
    this.remember(entry);
    if (this.json) return this.put(JSON.stringify(entry));
    this.printing = this.printing.then(async () => {
      const answered = await this.answeredBy(entry);
      await this.names.learnFrom(answered ? [entry, answered] : [entry]).catch(() => undefined);
      const text = entryText(entry, this.names.of, answered, this.client.userId);
      if (text === undefined) return;
      const day = dayOf(entry);
      this.put(day === this.day ? text : `${styled('dim', `── ${day}`)}\n${text}`);
      this.day = day;
      if (this.rings(entry)) process.stdout.write('\x07');
    });
    if (this.onScreen) this.room.markRead(entry.seq);
  }

  /** Whether the terminal's bell calls the user: for what names them, as it happens. */
  private rings(entry: Entry): boolean {
    return (
      this.onScreen &&
      this.listening &&
      entry.type === 'message.created' &&
      calls(entry, this.client.userId ?? '')
    );
  }

  private remember(entry: Entry): void {
    if (entry.type === 'message.deleted') this.own = this.own.filter((seq) => seq !== entry.target);
    if (entry.type !== 'message.created' || entry.deletedAt) return;
    if (entry.actorId === this.client.userId) this.own.push(entry.seq);
    else {
      this.answerable = entry.seq;
      // what was said in a thread alone is answered there
      const { threadSeq } = entry;
      this.answerTo = {
        replyTo: entry.seq,
        ...(threadSeq !== undefined && !isInRoom(entry) && { threadSeq }),
      };
    }
  }

  private async answeredBy(entry: Entry): Promise<MessageCreated | undefined> {
    if (entry.type !== 'message.created' || entry.replyTo === undefined) return undefined;
    return this.client.api.messages.get(entry.roomId, entry.replyTo).catch(() => undefined);
  }

  private connectionChanged(): void {
    const state = this.client.connection.get();
    if (state.status === 'ended')
      return this.end(
        new Failure(
          `The session has ended (${state.reason}). Run: veche login`,
          EXIT.notSignedIn,
          'session_ended',
        ),
      );
    if (state.status === this.status) return;
    this.status = state.status;
    if (state.status === 'offline')
      this.note('the connection is lost; what you write is sent when it is back');
    if (state.status === 'online') this.note('connected again');
  }

  /** For the person, not for who reads the output. */
  private note(text: string): void {
    if (this.onScreen) this.put(styled('dim', `· ${text}`));
    else process.stderr.write(`${text}\n`);
  }

  /** Prints above the line that is being typed. */
  private put(text: string): void {
    this.erasePrompt();
    print(text);
    this.prompt();
  }

  private prompt(): void {
    // a prompt opens the terminal
    if (!this.onScreen || !this.listening) return;
    const { columns } = process.stdout;
    // a narrow terminal is for what is said
    const title = columns < 40 ? '' : this.title.slice(0, Math.floor(columns / 4));
    this.lines.setPrompt(`${title}${this.status === 'online' ? '' : ' (offline)'}> `);
    this.lines.prompt(true);
  }

  /** Readline writes what is pasted without counting its rows, and counts on with the next key. */
  private beforeKey(endsLine: boolean): void {
    if (this.lines.isCompletionEnabled === false && !endsLine) return;
    const { rows, cols } = this.lines.getCursorPos();
    this.lines.prevRows = rows;
    // a row that was just filled keeps the cursor until something follows
    if (endsLine && rows > 0 && cols === 0) process.stdout.write(' ');
  }

  /** What was typed comes back as an entry. */
  private eraseTyped(line: string): void {
    if (!this.onScreen) return;
    // readline has let go of the line, but it knows how wide it is on the screen
    const prompt = this.lines.getPrompt();
    this.lines.setPrompt(prompt + line);
    this.eraseFrom(this.lines.getCursorPos().rows + 1);
    this.lines.setPrompt(prompt);
  }

  /** With what is typed after it. */
  private erasePrompt(): void {
    if (this.onScreen && this.listening) this.eraseFrom(this.lines.getCursorPos().rows);
  }

  /** Everything from so many rows above the cursor. */
  private eraseFrom(rows: number): void {
    moveCursor(process.stdout, 0, -rows);
    cursorTo(process.stdout, 0);
    clearScreenDown(process.stdout);
    // or it would go up from here before it draws, and erase what is printed now
    this.lines.prevRows = 0;
  }
}

/**
 * What clients wrote down while it happened, and what the database holds afterwards: whether the promises of the
 * log were kept. Times are in milliseconds since 1970, of one clock.
 */

/** An entry as somebody saw it: where it stands, and a digest of everything in it. */
export type Sight = readonly [seq: number, print: string];

/** By which way an entry came: pushed to a connection, or as an answer to a question. */
export type Note =
  | { kind: 'asked'; at: number; clientId: string; room: string }
  | { kind: 'answered'; at: number; clientId: string; room: string; entry: Sight }
  | { kind: 'refused'; at: number; clientId: string; room: string; code: string }
  /** A connection was told its rooms, each with its last number: what follows them is pushed. */
  | { kind: 'ready'; at: number; connection: number; rooms: Record<string, number> }
  | { kind: 'added'; at: number; connection: number; room: string; lastSeq: number }
  | { kind: 'removed'; at: number; connection: number; room: string }
  /** `replay`: a stream was asked for what follows some number, which may be older than the membership. */
  | { kind: 'pushed'; at: number; connection: number; room: string; entry: Sight; replay?: true }
  | { kind: 'page'; at: number; room: string; after: number; entries: readonly Sight[] }
  /** Something that the documentation does not let happen. */
  | { kind: 'unheard-of'; at: number; what: string }
  /** What is held of a room in the end: the digests of its entries from the first on. */
  | { kind: 'view'; at: number; room: string; prints: readonly string[] };

export interface Diary {
  readonly client: string;
  readonly user: string;
  readonly notes: readonly Note[];
}

/** An entry as the database has it. */
export interface LogEntry {
  readonly room: string;
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly print: string;
  /** Of messages. */
  readonly clientId?: string;
  /** Who is a member from this entry on, or after it no more. */
  readonly change?: { readonly user: string; readonly member: boolean };
}

export interface Log {
  /** Of each room in order of seq. */
  readonly entries: readonly LogEntry[];
  readonly rooms: readonly { id: string; lastSeq: number; memberCount: number }[];
  readonly members: readonly { room: string; user: string }[];
  /** What nobody was told of. */
  readonly untold: number;
}

/** What Veche promises, by the word that stands for it in reports. */
export const PROMISES = {
  lost: 'what was acknowledged is in the log, where the acknowledgement said',
  doubled: 'a message is in the log once, and reaches a connection once',
  retry: 'every retry gets the first answer',
  invented: 'nothing is in the log that nobody sent',
  gap: 'logs are 1..n, and what is pushed to a connection follows without a gap',
  order: 'what was sent after an acknowledgement comes after it, and entries are pushed in order',
  differs: 'everybody sees the same entries',
  missing: 'every member holds the whole log in the end',
  leak: 'nobody gets what they may not see, or speaks where they may not',
  untold: 'what was committed was told',
  rows: "the members' table is what the log says",
  manners: 'the doors behave as documented, whatever dies',
} as const;
export type PromiseName = keyof typeof PROMISES;

export interface Finding {
  readonly promise: PromiseName;
  readonly what: string;
}

type Report = (promise: PromiseName, what: string) => void;

/** When somebody was a member: from one number to another, both included. */
interface Stay {
  readonly from: number;
  readonly since: number;
  to: number;
}

class RoomLog {
  readonly entries: LogEntry[] = [];
  readonly stays = new Map<string, Stay[]>();

  take(entry: LogEntry): void {
    this.entries.push(entry);
    if (!entry.change) return;
    const { user, member } = entry.change;
    const stays = this.stays.get(user) ?? [];
    this.stays.set(user, stays);
    const last = stays.at(-1);
    if (member) stays.push({ from: entry.seq, since: entry.at, to: Infinity });
    else if (last) last.to = entry.seq;
  }

  at(seq: number): LogEntry | undefined {
    return this.entries[seq - 1];
  }

  isMember(user: string): boolean {
    return this.stays.get(user)?.at(-1)?.to === Infinity;
  }

  wasMemberAt(user: string, seq: number): boolean {
    return (this.stays.get(user) ?? []).some((s) => s.from <= seq && seq <= s.to);
  }

  /** Members may read what is older than their membership: whoever had come (back) by then could see it. */
  mayHaveRead(user: string, seq: number, at: number): boolean {
    return (this.stays.get(user) ?? []).some((s) => seq <= s.to && s.since <= at);
  }
}

const short = (id: string): string => id.slice(-6);
const place = (connection: number, room: string): string => `${connection} ${room}`;

/** @returns every broken promise; none when all were kept */
export const check = (log: Log, diaries: readonly Diary[]): Finding[] => {
  const findings: Finding[] = [];
  const report: Report = (promise, what) => findings.push({ promise, what });
  const rooms = new Map(log.rooms.map(({ id }) => [id, new RoomLog()]));
  for (const entry of log.entries) {
    const room = rooms.get(entry.room);
    if (room) room.take(entry);
    else report('rows', `entry ${entry.seq} of ${short(entry.room)} belongs to no room`);
  }
  checkLogs(log, rooms, report);
  checkMessages(log, diaries, report);
  checkOrder(diaries, report);
  for (const diary of diaries) {
    checkPushed(diary, rooms, report);
    checkSeen(diary, rooms, report);
    checkView(diary, rooms, report);
    for (const note of diary.notes)
      if (note.kind === 'unheard-of') report('manners', `${diary.client}: ${note.what}`);
  }
  return findings;
};

const checkLogs = (log: Log, rooms: ReadonlyMap<string, RoomLog>, report: Report): void => {
  if (log.untold > 0) report('untold', `nobody was told of ${log.untold} entries or signals`);
  for (const { id, lastSeq, memberCount } of log.rooms) {
    const room = rooms.get(id);
    if (!room) continue;
    room.entries.forEach(({ seq, at }, i) => {
      if (seq !== i + 1) report('gap', `${short(id)} has ${seq} in place of ${i + 1}`);
      if (at < (room.entries[i - 1]?.at ?? 0))
        report('order', `${short(id)} ${seq} is older than the one before it`);
    });
    if (lastSeq !== room.entries.length)
      report('gap', `${short(id)} says that it ends at ${lastSeq}, and has ${room.entries.length} entries`);
    const members = new Set(log.members.filter((m) => m.room === id).map((m) => m.user));
    if (members.size !== memberCount)
      report('rows', `${short(id)} counts ${memberCount} members and has ${members.size}`);
    for (const user of new Set([...room.stays.keys(), ...members]))
      if (room.isMember(user) !== members.has(user))
        report('rows', `${short(user)} in ${short(id)}: the log and the members' table disagree`);
    for (const entry of room.entries)
      if (entry.clientId !== undefined && !room.wasMemberAt(entry.actor, entry.seq))
        report('leak', `${short(entry.actor)} wrote ${entry.seq} of ${short(id)} without being a member`);
  }
};

const checkMessages = (log: Log, diaries: readonly Diary[], report: Report): void => {
  const key = (user: string, clientId: string): string => `${user} ${clientId}`;
  const written = new Map<string, LogEntry>();
  for (const entry of log.entries) {
    if (entry.clientId === undefined) continue;
    const id = key(entry.actor, entry.clientId);
    const first = written.get(id);
    if (first)
      report('doubled', `${entry.clientId} is ${first.seq} and ${entry.seq} of ${short(entry.room)}`);
    else written.set(id, entry);
  }

  const asked = new Set<string>();
  const answers = new Map<string, string>();
  for (const { client, user, notes } of diaries)
    for (const note of notes) {
      if (note.kind === 'asked') asked.add(key(user, note.clientId));
      if (note.kind !== 'answered') continue;
      const id = key(user, note.clientId);
      const [seq, print] = note.entry;
      const found = written.get(id);
      const where = `${client}: ${note.clientId}, acknowledged as ${seq} of ${short(note.room)}`;
      if (!found) report('lost', `${where}, is not in the log`);
      else if (found.room !== note.room || found.seq !== seq)
        report('lost', `${where}, is ${found.seq} of ${short(found.room)}`);
      else if (found.print !== print) report('differs', `${where}, says something else in the log`);
      const answer = `${note.room} ${seq} ${print}`;
      const first = answers.get(id);
      if (first === undefined) answers.set(id, answer);
      else if (first !== answer) report('retry', `${where}, had another answer before`);
    }
  for (const [id, { seq, room }] of written)
    if (!asked.has(id)) report('invented', `nobody sent ${seq} of ${short(room)}`);
};

/** What was first sent after another message of the room had been acknowledged stands after it. */
const checkOrder = (diaries: readonly Diary[], report: Report): void => {
  interface Sent {
    asked: number;
    answered: number;
    seq: number;
  }
  const byRoom = new Map<string, Sent[]>();
  for (const { notes } of diaries) {
    const own = new Map<string, Sent & { room: string }>();
    for (const note of notes) {
      if (note.kind === 'asked' && !own.has(note.clientId))
        own.set(note.clientId, { asked: note.at, answered: Infinity, seq: 0, room: note.room });
      const sent = note.kind === 'answered' ? own.get(note.clientId) : undefined;
      if (note.kind === 'answered' && sent?.answered === Infinity)
        Object.assign(sent, { answered: note.at, seq: note.entry[0] });
    }
    for (const sent of own.values()) {
      if (sent.answered === Infinity) continue;
      const others = byRoom.get(sent.room);
      if (others) others.push(sent);
      else byRoom.set(sent.room, [sent]);
    }
  }
  for (const [room, sent] of byRoom) {
    const byAsked = [...sent].sort((a, b) => a.asked - b.asked);
    const byAnswered = [...sent].sort((a, b) => a.answered - b.answered);
    let next = 0;
    let highest = 0;
    for (const message of byAsked) {
      for (let done = byAnswered[next]; done && done.answered < message.asked; done = byAnswered[++next])
        highest = Math.max(highest, done.seq);
      if (message.seq < highest)
        report('order', `${message.seq} of ${short(room)} was sent after ${highest} had been acknowledged`);
    }
  }
};

/** What a connection was pushed, in each room: from where it was told on, each entry once, in order. */
const checkPushed = ({ client, notes }: Diary, rooms: ReadonlyMap<string, RoomLog>, report: Report): void => {
  /** By connection and room: the number that comes next, or the highest that may come first. */
  const open = new Map<string, { next: number; begun: boolean }>();
  const seen = new Set<string>();
  for (const note of notes) {
    switch (note.kind) {
      case 'ready':
        for (const [room, lastSeq] of Object.entries(note.rooms))
          open.set(place(note.connection, room), { next: lastSeq + 1, begun: true });
        break;
      case 'added':
        open.set(place(note.connection, note.room), { next: note.lastSeq + 1, begun: false });
        break;
      case 'removed':
        open.delete(place(note.connection, note.room));
        break;
      case 'pushed': {
        const key = place(note.connection, note.room);
        const expected = open.get(key);
        const [seq] = note.entry;
        const where = `${client}, connection ${note.connection}: got ${seq} of ${short(note.room)}`;
        if (!expected) report('leak', `${where}, and was not told that it is in the room`);
        else if (seq > expected.next) report('gap', `${where} instead of ${expected.next}`);
        else if (seq < expected.next && expected.begun)
          report(
            seen.has(`${key} ${seq}`) ? 'doubled' : 'order',
            `${where} where ${expected.next} was to come`,
          );
        if (expected)
          open.set(key, { next: Math.max(seq + 1, expected.begun ? expected.next : 0), begun: true });
        seen.add(`${key} ${seq}`);
        if (!rooms.has(note.room)) report('differs', `${where}, a room that does not exist`);
      }
    }
  }
};

/** Everything that reached somebody: it is what the log says, and they could see it. */
const checkSeen = (
  { client, user, notes }: Diary,
  rooms: ReadonlyMap<string, RoomLog>,
  report: Report,
): void => {
  /** By connection and room: up to where the log was there already when the connection was let in. */
  const told = new Map<string, number>();
  for (const note of notes) {
    if (note.kind === 'ready')
      for (const [room, lastSeq] of Object.entries(note.rooms))
        told.set(place(note.connection, room), lastSeq);
    if (note.kind === 'added') told.set(place(note.connection, note.room), note.lastSeq);
    if (note.kind !== 'pushed' && note.kind !== 'page') continue;
    const history = (seq: number): boolean =>
      note.kind === 'page' ||
      note.replay === true ||
      seq <= (told.get(place(note.connection, note.room)) ?? 0);
    const room = rooms.get(note.room);
    if (!room) continue;
    for (const [seq, print] of note.kind === 'pushed' ? [note.entry] : note.entries) {
      const where = `${client} got ${seq} of ${short(note.room)}`;
      if (room.at(seq)?.print !== print) report('differs', `${where}, and the log has something else there`);
      const may = history(seq) ? room.mayHaveRead(user, seq, note.at) : room.wasMemberAt(user, seq);
      if (!may) report('leak', `${where} without being a member`);
    }
  }
};

const checkView = (
  { client, user, notes }: Diary,
  rooms: ReadonlyMap<string, RoomLog>,
  report: Report,
): void => {
  const views = new Map(notes.flatMap((n) => (n.kind === 'view' ? [[n.room, n.prints] as const] : [])));
  for (const [id, room] of rooms) {
    const prints = views.get(id) ?? [];
    const wrong = prints.findIndex((print, i) => room.at(i + 1)?.print !== print);
    if (wrong !== -1) report('differs', `${client} holds something else as ${wrong + 1} of ${short(id)}`);
    if (room.isMember(user) && prints.length < room.entries.length)
      report('missing', `${client} holds ${prints.length} of ${room.entries.length} of ${short(id)}`);
  }
};

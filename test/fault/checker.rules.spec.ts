import { check, type Diary, type Log, type LogEntry, type Note, type PromiseName } from './checker.rules';

// Ada opens a room and Bob comes in; both write; Bob is removed and comes back. The test of each promise breaks
// one thing of this.
const ROOM = 'room';
const entry = (seq: number, more: Partial<LogEntry> = {}): LogEntry => ({
  room: ROOM,
  seq,
  at: 1_000 * seq,
  actor: 'ada',
  print: `print ${seq}`,
  ...more,
});

const ENTRIES: readonly LogEntry[] = [
  entry(1, { change: { user: 'ada', member: true } }),
  entry(2, { change: { user: 'bob', member: true } }),
  entry(3, { clientId: 'a1' }),
  entry(4, { actor: 'bob', clientId: 'b1' }),
  entry(5, { change: { user: 'bob', member: false } }),
  entry(6, { clientId: 'a2' }),
  entry(7, { change: { user: 'bob', member: true } }),
  entry(8, { clientId: 'a3' }),
];

const sight = (seq: number): [number, string] => [seq, `print ${seq}`];
const log = (more: Partial<Log> = {}): Log => ({
  entries: ENTRIES,
  rooms: [{ id: ROOM, lastSeq: 8, memberCount: 2 }],
  members: [
    { room: ROOM, user: 'ada' },
    { room: ROOM, user: 'bob' },
  ],
  untold: 0,
  ...more,
});

type Timed<N> = N extends unknown ? Omit<N, 'at' | 'room'> : never;
const note = (at: number, what: Timed<Note>): Note => ({ at, room: ROOM, ...what }) as Note;
const pushed = (seq: number, connection = 1): Note =>
  note(1_000 * seq + 10, { kind: 'pushed', connection, entry: sight(seq) });
const asked = (clientId: string, at: number): Note => note(at, { kind: 'asked', clientId });
const answered = (clientId: string, seq: number, at = 1_000 * seq + 5): Note =>
  note(at, { kind: 'answered', clientId, entry: sight(seq) });
const prints = ENTRIES.map((e) => e.print);

const ADA: readonly Note[] = [
  note(900, { kind: 'ready', connection: 1, rooms: { [ROOM]: 0 } }),
  pushed(1),
  pushed(2),
  asked('a1', 2_900),
  pushed(3),
  answered('a1', 3),
  pushed(4),
  pushed(5),
  asked('a2', 5_900),
  // the connection broke: asked again on the next
  note(7_500, { kind: 'ready', connection: 2, rooms: { [ROOM]: 7 } }),
  note(7_510, { kind: 'page', after: 5, entries: [sight(6), sight(7)] }),
  asked('a2', 7_520),
  answered('a2', 6, 7_530),
  asked('a3', 7_900),
  pushed(8, 2),
  answered('a3', 8),
  note(9_000, { kind: 'view', prints }),
];
const BOB: readonly Note[] = [
  note(900, { kind: 'ready', connection: 1, rooms: {} }),
  note(2_005, { kind: 'added', connection: 1, lastSeq: 2 }),
  note(2_008, { kind: 'page', after: 0, entries: [sight(1), sight(2)] }),
  pushed(2),
  pushed(3),
  asked('b1', 3_900),
  answered('b1', 4),
  pushed(4),
  pushed(5),
  note(5_020, { kind: 'removed', connection: 1 }),
  note(7_005, { kind: 'added', connection: 1, lastSeq: 7 }),
  note(7_008, { kind: 'page', after: 5, entries: [sight(6), sight(7)] }),
  pushed(8),
  note(9_000, { kind: 'view', prints }),
];

const diaries = (ada: readonly Note[] = ADA, bob: readonly Note[] = BOB): Diary[] => [
  { client: "ada's phone", user: 'ada', notes: ada },
  { client: "bob's phone", user: 'bob', notes: bob },
];
const broken = (l: Log, d: Diary[]): PromiseName[] => [...new Set(check(l, d).map((f) => f.promise))];

const without = (notes: readonly Note[], like: object): Note[] => {
  const rest = notes.filter((n) => !Object.entries(like).every(([k, v]) => Object.is(n[k as keyof Note], v)));
  expect(rest.length).toBeLessThan(notes.length);
  return rest;
};
const after = (notes: readonly Note[], before: (n: Note) => boolean, ...added: Note[]): Note[] =>
  notes.flatMap((n) => (before(n) ? [n, ...added] : [n]));
const isPushed = (seq: number) => (n: Note) => n.kind === 'pushed' && n.entry[0] === seq;
const changed = (seq: number, more: Partial<LogEntry>): LogEntry[] =>
  ENTRIES.map((e) => (e.seq === seq ? { ...e, ...more } : e));

test('a history in which every promise was kept has no findings', () => {
  expect(check(log(), diaries())).toEqual([]);
});

test('what was sent and never answered may be in the log, and may be missing', () => {
  const lostAnswer = without(ADA, { kind: 'answered', clientId: 'a3' });
  expect(check(log(), diaries(lostAnswer))).toEqual([]);
  expect(check(log(), diaries([...ADA, asked('a4', 9_100)]))).toEqual([]);
});

describe('it notices', () => {
  test('an acknowledged message that is not in the log', () => {
    const d = diaries([...ADA, asked('a9', 9_100), answered('a9', 9, 9_200)]);
    expect(broken(log(), d)).toEqual(['lost']);
  });

  test('an acknowledged message that stands somewhere else', () => {
    const moved = after(without(ADA, { kind: 'answered', clientId: 'a3' }), isPushed(8), answered('a3', 7));
    expect(broken(log(), diaries(moved))).toEqual(['lost']);
  });

  test('an acknowledgement that says something else than the log', () => {
    expect(broken(log({ entries: changed(3, { print: 'edited' }) }), diaries())).toContain('differs');
  });

  test('a client id that is in the log twice', () => {
    expect(broken(log({ entries: changed(8, { clientId: 'a2' }) }), diaries())).toContain('doubled');
  });

  test('a retry that got another answer', () => {
    expect(broken(log(), diaries([...ADA, answered('a1', 6, 9_100)]))).toContain('retry');
  });

  test('a message that nobody sent', () => {
    expect(broken(log({ entries: changed(7, { clientId: 'x' }) }), diaries())).toContain('invented');
  });

  test('a number that is missing in the log', () => {
    const holed = ENTRIES.filter((e) => e.seq !== 4);
    expect(broken(log({ entries: holed }), diaries())).toContain('gap');
  });

  test('a room that says it ends elsewhere than its log', () => {
    expect(broken(log({ rooms: [{ id: ROOM, lastSeq: 9, memberCount: 2 }] }), diaries())).toEqual(['gap']);
  });

  test('an entry that was not pushed', () => {
    const missed = ADA.filter((n) => !isPushed(4)(n));
    expect(broken(log(), diaries(missed))).toEqual(['gap']);
  });

  test('an entry that was pushed twice', () => {
    expect(broken(log(), diaries(after(ADA, isPushed(4), pushed(4))))).toEqual(['doubled']);
  });

  test('entries that were pushed in the wrong order', () => {
    const swapped = after(
      ADA.filter((n) => !isPushed(3)(n)),
      isPushed(4),
      pushed(3),
    );
    expect(broken(log(), diaries(swapped)).sort()).toEqual(['gap', 'order']);
  });

  test('a first entry that leaves something out of what the connection was told', () => {
    const late = BOB.map((n) => (n.kind === 'added' && n.at > 7_000 ? { ...n, lastSeq: 6 } : n));
    expect(broken(log(), diaries(ADA, late))).toEqual(['gap']);
  });

  test('a message that stands before one that was acknowledged before it was sent', () => {
    const late = ADA.map((n) => (n.kind === 'asked' && n.clientId === 'a2' ? { ...n, at: 8_900 } : n));
    const then = late.map((n) => (n.kind === 'answered' && n.clientId === 'a2' ? { ...n, at: 8_950 } : n));
    expect(broken(log(), diaries(then))).toEqual(['order']);
  });

  test('an entry that is older than the one before it', () => {
    expect(broken(log({ entries: changed(6, { at: 4_999 }) }), diaries())).toContain('order');
  });

  test('two that saw different entries', () => {
    const other = BOB.map((n) =>
      isPushed(3)(n) ? { ...n, entry: [3, 'something else'] as const } : n,
    ) as Note[];
    expect(broken(log(), diaries(ADA, other))).toEqual(['differs']);
  });

  test('a copy of the log that differs from it', () => {
    const other = BOB.map((n) => (n.kind === 'view' ? { ...n, prints: [...prints].reverse() } : n));
    expect(broken(log(), diaries(ADA, other))).toEqual(['differs']);
  });

  test('a member whose copy ends early', () => {
    const short = BOB.map((n) => (n.kind === 'view' ? { ...n, prints: prints.slice(0, 7) } : n));
    expect(broken(log(), diaries(ADA, short))).toEqual(['missing']);
  });

  test('an entry that was pushed to somebody who had been removed', () => {
    const kept = after(without(BOB, { kind: 'removed' }), isPushed(5), pushed(6));
    expect(broken(log(), diaries(ADA, kept))).toContain('leak');
  });

  test('a page that somebody got who had been removed', () => {
    const peek = note(6_500, { kind: 'page', after: 5, entries: [sight(6)] });
    expect(broken(log(), diaries(ADA, after(BOB, isPushed(5), peek)))).toEqual(['leak']);
  });

  test('an entry that was pushed to a connection that was not told of the room', () => {
    const d = diaries(ADA, without(BOB, { kind: 'added', at: 7_005 }));
    expect(broken(log(), d)).toEqual(['leak']);
  });

  test('a message by somebody who had been removed', () => {
    const entries = changed(6, { actor: 'bob', clientId: 'b2' });
    expect(broken(log({ entries }), diaries())).toContain('leak');
  });

  test('a commit that was not told', () => {
    expect(broken(log({ untold: 1 }), diaries())).toEqual(['untold']);
  });

  test("a members' table that is not what the log says", () => {
    const members = [{ room: ROOM, user: 'ada' }];
    const rooms = [{ id: ROOM, lastSeq: 8, memberCount: 1 }];
    expect(broken(log({ members, rooms }), diaries())).toEqual(['rows']);
    expect(broken(log({ rooms }), diaries())).toEqual(['rows']);
  });

  test('a door that does what the documentation does not foresee', () => {
    const d = diaries([...ADA, { at: 9_000, kind: 'unheard-of', what: 'a handshake was refused' }]);
    expect(broken(log(), d)).toEqual(['manners']);
  });
});

test('a stream may replay what was said while its member was away, once they are back', () => {
  const replay = (seq: number, at: number): Note =>
    note(at, { kind: 'pushed', connection: 9, entry: sight(seq), replay: true });
  const ready = note(6_000, { kind: 'ready', connection: 9, rooms: { [ROOM]: 5 } });
  expect(check(log(), diaries(ADA, [...BOB, ready, replay(6, 7_100), replay(7, 7_100)]))).toEqual([]);
  expect(broken(log(), diaries(ADA, [...BOB, ready, replay(6, 6_900)]))).toEqual(['leak']);
});

test('what was there already when somebody came back may be pushed as well, and not a moment earlier', () => {
  const back = (n: Note): boolean => n.kind === 'added' && n.at === 7_005;
  const late = (at: number): Note[] =>
    [6, 7].map((seq) => note(at, { kind: 'pushed', connection: 1, entry: sight(seq) }));
  expect(check(log(), diaries(ADA, after(BOB, back, ...late(7_006))))).toEqual([]);
  const early = after(
    BOB.filter((n) => !back(n)),
    (n) => n.kind === 'removed',
    note(6_800, { kind: 'added', connection: 1, lastSeq: 7 }),
    ...late(6_900),
  );
  expect(broken(log(), diaries(ADA, early))).toEqual(['leak']);
});

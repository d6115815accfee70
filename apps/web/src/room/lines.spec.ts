import type { Entry, PendingMessage } from '@veche/client';
import { type Line, lineOf, linesOf, seenUpTo } from './lines';

const START = new Date(2026, 0, 31, 12).getTime();
let seq = 0;
beforeEach(() => (seq = 0));

const head = (minutes: number, actorId: string) => ({
  roomId: 'room',
  seq: ++seq,
  actorId,
  at: new Date(START + minutes * 60_000).toISOString(),
});
const message = (minutes: number, actorId = 'anna'): Entry => ({
  ...head(minutes, actorId),
  type: 'message.created',
  id: String(seq),
  text: `message ${seq}`,
  clientId: '',
  mentions: [],
  reactions: [],
});
const joined = (minutes: number, userId: string, actorId = userId): Entry => ({
  ...head(minutes, actorId),
  type: 'member.joined',
  userId,
});
const created = (): Entry => ({ ...head(0, 'anna'), type: 'room.created' });
const reacted = (minutes: number): Entry => ({
  ...head(minutes, 'boris'),
  type: 'reaction.added',
  target: 1,
  emoji: '👍',
});

const lines = (
  entries: readonly Entry[],
  pending: readonly PendingMessage[] = [],
  isDirect = false,
): Line[] => linesOf(entries, pending, isDirect, 'anna');
const firsts = (all: readonly Line[]): boolean[] => all.map(({ isFirst }) => isFirst);

test('those that came one after the other are one line, whatever nobody sees stands between them', () => {
  const all = lines([
    created(),
    joined(0, 'boris', 'anna'),
    joined(1, 'vera', 'anna'),
    reacted(1),
    joined(2, 'gleb'),
    message(3),
    joined(4, 'dasha'),
  ]);
  expect(all.map(({ joined }) => joined?.map(({ userId }) => userId))).toEqual([
    undefined,
    ['boris', 'vera', 'gleb'],
    undefined,
    ['dasha'],
  ]);
});

test('who came on another day stands below that day', () => {
  const all = lines([joined(0, 'boris'), joined(1, 'vera'), joined(24 * 60, 'gleb')]);
  expect(all.map(({ joined, isNewDay }) => [joined?.length, isNewDay])).toEqual([
    [2, true],
    [1, true],
  ]);
});

test('in a conversation between two nobody is told who is in it', () =>
  expect(lines([created(), joined(0, 'boris', 'anna'), message(1)], [], true)).toHaveLength(1));

test('messages of one author stand under one name, for five minutes of silence or ten in all', () => {
  expect(firsts(lines([message(0), message(1), message(7), message(8, 'boris'), message(9)]))).toEqual([
    true,
    false,
    true,
    true,
    true,
  ]);
  expect(firsts(lines([0, 4, 8, 12, 16].map((minutes) => message(minutes))))).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});

test('what happens between two messages parts them, and what nobody sees does not', () => {
  expect(firsts(lines([message(0), reacted(1), message(1)]))).toEqual([true, false]);
  expect(firsts(lines([message(0), joined(1, 'boris'), message(1)]))).toEqual([true, false, true]);
});

test('a message on its way stands under the name of who writes it', () => {
  const { at } = head(1, 'anna');
  const pending = { clientId: 'c', roomId: 'room', text: 'soon', at, state: 'sending' } as PendingMessage;
  expect(firsts(lines([message(0)], [pending]))).toEqual([true, false]);
  expect(firsts(lines([message(0, 'boris')], [pending]))).toEqual([true, true]);
});

test('each entry has a line: its own, that of those who came with it, or the next', () => {
  const all = lines([
    message(0),
    joined(1, 'boris'),
    joined(1, 'vera'),
    reacted(1),
    joined(1, 'gleb'),
    reacted(2),
    message(3),
    reacted(4),
  ]);
  expect(all).toHaveLength(3);
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((one) => lineOf(all, one))).toEqual([0, 1, 1, 1, 1, 2, 2, 3]);
  expect([0, 1, 2].map((index) => seenUpTo(all, index, 8))).toEqual([1, 6, 8]);
});

test('a day begins once, at its midnight', () => {
  const midnight = 12 * 60;
  const all = lines([message(0), message(midnight - 1), message(midnight), message(midnight + 1)]);
  expect(all.map(({ isNewDay }) => isNewDay)).toEqual([true, false, true, false]);
});

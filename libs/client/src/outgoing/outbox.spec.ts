import type { MessageCreated } from '@veche/protocol';
import type { Connection } from '../connection';
import { Outbox } from './outbox';
import type { OutgoingStore, StoredMessage } from './store';

const ROOM = 'room';

/** A server that commits whatever it is sent. The entries do not come to this client. */
const outbox = (store?: OutgoingStore) => {
  const sent: string[] = [];
  const call = async (_name: string, { text, clientId }: { text: string; clientId: string }) => {
    await Promise.resolve();
    const seq = sent.push(text);
    return { event: { type: 'message.created', roomId: ROOM, seq, text, clientId } as MessageCreated };
  };
  const connection = { online: true, call } as unknown as Connection;
  const box = new Outbox({
    url: '',
    store,
    connection: () => connection,
    take: () => undefined,
    head: () => 0,
    changed: () => undefined,
  });
  box.begin('me');
  return { box, sent, connection };
};

/** A store that keeps nothing. What others have left in it is given by `leave`, to whom it was written by. */
const storeOfOthers = () => {
  const heirs = new Map<string, (left: readonly StoredMessage[]) => void>();
  const store: OutgoingStore = {
    put: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    adopt: (account, later) => Promise.resolve(heirs.set(account, later)).then(() => []),
    clear: () => Promise.resolve(),
    close: () => undefined,
  };
  const leave = (who: string, ...messages: [text: string, at: number][]) =>
    heirs.get(` ${who}`)?.(
      messages.map(([text, at]) => ({ clientId: text, roomId: ROOM, text, at: new Date(at).toISOString() })),
    );
  return { store, leave };
};
const soon = () => jest.advanceTimersByTimeAsync(0);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('who waits for each message before the next one gets an answer to each', async () => {
  const { box, sent } = outbox();
  const texts = ['one', 'two', 'three'];
  for (const [i, text] of texts.entries())
    expect(await box.send(ROOM, text).committed).toMatchObject({ text, seq: i + 1 });
  expect(sent).toEqual(texts);
});

test('what is written while others are on their way keeps its order', async () => {
  const { box, sent } = outbox();
  const texts = Array.from({ length: 20 }, (_, i) => `${i}`);
  await Promise.all(texts.map((text) => box.send(ROOM, text).committed));
  expect(sent).toEqual(texts);
});

test('what others leave while there is a connection is sent at once', async () => {
  const { store, leave } = storeOfOthers();
  const { sent } = outbox(store);
  await soon();
  leave('me', ['one', 1], ['two', 2]);
  await soon();
  expect(sent).toEqual(['one', 'two']);
});

test('what others leave waits with what was written here, in the order of both', async () => {
  const { store, leave } = storeOfOthers();
  const { box, sent, connection } = outbox(store);
  await soon();
  Object.assign(connection, { online: false });
  for (const second of [2, 4, 3]) {
    jest.setSystemTime(second * 1000);
    box.send(ROOM, `mine ${second}`);
  }
  leave('me', ['before', 1000], ['between', 2500]);
  leave('me', ['after', 5000]);
  leave('me', ['after', 5000]);
  const expected = ['before', 'mine 2', 'between', 'mine 4', 'mine 3', 'after'];
  expect(box.pendingOf(ROOM).map(({ text }) => text)).toEqual(expected);
  Object.assign(connection, { online: true });
  box.begin('me');
  await soon();
  expect(sent).toEqual(expected);
});

test('what somebody leaves is not sent by whoever has signed in since', async () => {
  const { store, leave } = storeOfOthers();
  const { box, sent } = outbox(store);
  await soon();
  box.begin('another');
  leave('me', ['mine', 1]);
  await soon();
  expect(sent).toEqual([]);
});

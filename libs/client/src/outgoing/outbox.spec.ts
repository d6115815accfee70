import type { MessageCreated } from '@veche/protocol';
import type { Connection } from '../connection';
import { Outbox } from './outbox';

const ROOM = 'room';

/** A server that commits whatever it is sent. The entries do not come to this client. */
const outbox = () => {
  const sent: string[] = [];
  const call = async (_name: string, { text, clientId }: { text: string; clientId: string }) => {
    await Promise.resolve();
    const seq = sent.push(text);
    return { event: { type: 'message.created', roomId: ROOM, seq, text, clientId } as MessageCreated };
  };
  const connection = { online: true, call } as unknown as Connection;
  const box = new Outbox({
    url: '',
    store: undefined,
    connection: () => connection,
    take: () => undefined,
    head: () => 0,
    changed: () => undefined,
  });
  box.begin('me');
  return { box, sent };
};

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

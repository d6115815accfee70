import { type Entry, type Mention, MentionKind } from '@veche/contracts';
import { concernedBy } from './concerned-by';

const entry = (body: Entry['body']): Entry => ({
  roomId: 'room',
  seq: 2,
  actorId: 'anna',
  at: new Date(0),
  body,
});
const message = (...mentions: Mention[]): Entry =>
  entry({
    $case: 'messageCreated',
    value: { id: 'm', text: '…', clientId: 'c', mentions, reactions: [], attachments: [] },
  });

test('a message concerns its author and whom it calls by name', () => {
  expect(concernedBy(message())).toEqual(new Set(['anna']));
  const boris = { kind: MentionKind.USER, id: 'boris', name: 'boris' };
  const other = { kind: MentionKind.ROOM_LINK, id: 'square', name: 'square' };
  expect(concernedBy(message(boris, other))).toEqual(new Set(['anna', 'boris']));
  expect(
    concernedBy(entry({ $case: 'messageEdited', value: { target: 1, text: '…', mentions: [boris] } })),
  ).toEqual(new Set(['anna', 'boris']));
});

test('a reply in a thread concerns who wrote what that hangs on', () => {
  const reply = message();
  if (reply.body?.$case === 'messageCreated')
    Object.assign(reply.body.value, { threadSeq: 1, threadAuthorId: 'clara' });
  expect(concernedBy(reply)).toEqual(new Set(['anna', 'clara']));
});

test.each([MentionKind.ROOM, MentionKind.HERE])('what calls everybody concerns everybody', (kind) => {
  expect(concernedBy(message({ kind }))).toBe('everybody');
});

test('a change of a membership concerns whose it is', () => {
  for (const $case of ['memberJoined', 'memberLeft', 'memberRemoved'] as const)
    expect(concernedBy(entry({ $case, value: { userId: 'boris' } }))).toEqual(new Set(['anna', 'boris']));
});

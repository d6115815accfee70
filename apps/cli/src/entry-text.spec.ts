import type { MessageCreated } from '@veche/client';
import { entryText } from './entry-text';

const shown = (text: string, mentions: MessageCreated['mentions'] = [], me?: string): string | undefined =>
  entryText(
    {
      type: 'message.created',
      id: 'm',
      roomId: 'r',
      seq: 1,
      at: '2026-03-03T12:00:00.000Z',
      actorId: 'a',
      clientId: 'c',
      reactions: [],
      text,
      mentions,
    } satisfies MessageCreated,
    () => 'anna',
    undefined,
    me,
  );

describe('a reaction in a terminal', () => {
  it.each(['reaction.added', 'reaction.removed'] as const)('is said in one line (%s)', (type) => {
    const head = { roomId: 'r', seq: 2, at: '2026-03-03T12:00:00.000Z', actorId: 'a', target: 1 };
    const said = { 'reaction.added': 'anna reacted with 👍', 'reaction.removed': 'anna took 👍 back' };
    expect(entryText({ ...head, type, emoji: '👍' }, () => 'anna')).toContain(said[type]);
  });
});

describe('a message in a terminal', () => {
  it.each([
    '\\\\server\\_share\\docs',
    '\\d+\\.\\d+',
    '¯\\_(ツ)_/¯',
    'Tom &amp; Jerry &x;',
    '**bold** _it_ `code`',
    '[x](http://e.org/?a=1&amp;b=2)',
    'a\tb',
    '«https://example.com»',
    'שלום',
  ])('is what was typed: %s', (text) => expect(shown(text)?.endsWith(` anna: ${text}`)).toBe(true));

  it('is marked for those whom it calls', () => {
    const mentions = [{ kind: 'user', id: 'b', name: 'boris' }] as const;
    expect(shown('@boris', [...mentions], 'b')).toContain('» anna: @boris');
    expect(shown('@boris', [...mentions], 'c')).not.toContain('»');
  });

  it('has its lines below each other', () =>
    expect(shown('6. Oktober\n24. Oktober')).toMatch(/6\. Oktober\n +24\. Oktober$/));

  it.each(['\u001b[2J', '\u0007', '\u009b', '\u202e', '\u2066', '\r', '\b'])(
    'cannot speak to the terminal: %j',
    (sign) => expect(shown(`a${sign}b`)).not.toContain(sign),
  );
});

import fc from 'fast-check';
import { foldReactions, type Reaction } from './reactions';

const people = Array.from({ length: 14 }, (_, i) => `user-${i}`);

describe('the reactions of a message', () => {
  it('are counted as a list of everybody would be, whatever comes and goes', () => {
    const change = fc.record({
      emoji: fc.constantFrom('👍', '❤️', '🎉'),
      userId: fc.constantFrom(...people),
      on: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
        const everybody = new Map<string, Set<string>>();
        let reactions: Reaction[] = [];
        for (const one of changes) {
          const those = everybody.get(one.emoji) ?? new Set();
          everybody.set(one.emoji, those);
          if (those.has(one.userId) === one.on) continue;
          if (one.on) those.add(one.userId);
          else those.delete(one.userId);
          reactions = foldReactions(reactions, one, 'user-3');
        }
        const left = [...everybody].filter(([, those]) => those.size > 0);
        expect(reactions).toHaveLength(left.length);
        for (const { emoji, count, mine, userIds } of reactions) {
          const those = everybody.get(emoji) ?? new Set();
          expect({ emoji, count, mine }).toEqual({ emoji, count: those.size, mine: those.has('user-3') });
          expect(userIds.length).toBeLessThanOrEqual(10);
          expect(new Set(userIds).size).toBe(userIds.length);
          for (const userId of userIds) expect(those).toContain(userId);
        }
      }),
    );
  });

  it('stand in the order in which they came, and name those who came first', () => {
    const reactions = people.reduce<Reaction[]>(
      (so, userId) => foldReactions(so, { emoji: '🎉', userId, on: true }),
      foldReactions([], { emoji: '👍', userId: 'user-0', on: true }),
    );
    expect(reactions).toEqual([
      { emoji: '👍', count: 1, mine: false, userIds: ['user-0'] },
      { emoji: '🎉', count: 14, mine: false, userIds: people.slice(0, 10) },
    ]);
  });
});

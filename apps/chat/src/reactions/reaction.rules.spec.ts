import type { RoomRole, Standing } from '../members/member.rules';
import { judgeReaction, MOST_EMOJI, MOST_OWN_EMOJI, type ReactedTo } from './reaction.rules';

const as = (role: RoomRole | null, kind: Standing['kind'] = 'public'): Standing => ({
  kind,
  role,
  mayBrowse: true,
  mayModerate: false,
  mayManage: false,
});
const add = { emoji: '👍', on: true };
const remove = { emoji: '👍', on: false };
const bare: ReactedTo = { isDeleted: false, emoji: [], own: [] };
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `emoji ${i}`);

describe('a reaction', () => {
  test.each<[string, ReactedTo | undefined, typeof add, Standing, string]>([
    ['of a member', bare, add, as('member'), 'changes'],
    ['in a direct room', bare, add, as('member', 'direct'), 'changes'],
    ['of one who has left', bare, add, as(null), 'not_a_member'],
    ['of one who has left a private room', bare, add, as(null, 'private'), 'room_not_found'],
    ['to nothing', undefined, add, as('owner'), 'message_not_found'],
    ['to a deleted message', { ...bare, isDeleted: true }, add, as('owner'), 'message_not_found'],
    ['taken from a deleted message', { ...bare, isDeleted: true }, remove, as('member'), 'is_so_already'],
    ['once more', { ...bare, emoji: ['👍'], own: ['👍'] }, add, as('member'), 'is_so_already'],
    ['with what others reacted with', { ...bare, emoji: ['👍'] }, add, as('member'), 'changes'],
    ['taken back', { ...bare, emoji: ['👍'], own: ['👍'] }, remove, as('member'), 'changes'],
    ['of others', { ...bare, emoji: ['👍'] }, remove, as('member'), 'is_so_already'],
    [
      'that is one too many',
      { ...bare, emoji: numbers(MOST_EMOJI) },
      add,
      as('member'),
      'too_many_reactions',
    ],
    [
      'that one of so many is',
      { ...bare, emoji: [...numbers(MOST_EMOJI - 1), '👍'] },
      add,
      as('member'),
      'changes',
    ],
    [
      'by one who has reacted enough',
      { ...bare, emoji: numbers(MOST_OWN_EMOJI), own: numbers(MOST_OWN_EMOJI) },
      add,
      as('member'),
      'too_many_reactions',
    ],
  ])('%s', (_what, message, wish, standing, verdict) => {
    expect(judgeReaction(message, wish, standing)).toBe(verdict);
  });
});

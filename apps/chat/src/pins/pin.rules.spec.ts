import type { Standing } from '../members/member.rules';
import { judgePin, MOST_PINS } from './pin.rules';

const as = (standing: Partial<Standing>): Standing => ({
  kind: 'private',
  role: 'member',
  mayBrowse: true,
  mayModerate: false,
  mayManage: false,
  ...standing,
});
const there = { isDeleted: false, isPinned: false };
const on = { on: true, pins: 0 };

describe('who pins a message', () => {
  test.each([
    ['a member of a room', as({}), 'forbidden'],
    ['a moderator of a room', as({ role: 'moderator' }), 'changes'],
    ['the owner of a room', as({ role: 'owner' }), 'changes'],
    ['one of two in a direct one', as({ kind: 'direct' }), 'changes'],
    [
      'who moderates the server, in a public one',
      as({ kind: 'public', role: null, mayModerate: true }),
      'changes',
    ],
    ['the same, in a private one', as({ role: null, mayModerate: true }), 'room_not_found'],
    ['an outsider', as({ kind: 'public', role: null }), 'not_a_member'],
  ] as const)('%s', (_who, standing, verdict) => {
    expect(judgePin(there, on, standing)).toBe(verdict);
  });
});

describe('a pin', () => {
  const owner = as({ role: 'owner' });
  it('is of a message that is there, and can be taken from one that is not', () => {
    expect(judgePin(undefined, on, owner)).toBe('message_not_found');
    expect(judgePin({ ...there, isDeleted: true }, on, owner)).toBe('message_not_found');
    expect(judgePin({ isDeleted: true, isPinned: false }, { on: false, pins: 0 }, owner)).toBe(
      'is_so_already',
    );
  });

  it('is one of so many, and a message has one', () => {
    expect(judgePin(there, { on: true, pins: MOST_PINS }, owner)).toBe('too_many_pins');
    expect(judgePin({ ...there, isPinned: true }, { on: true, pins: MOST_PINS }, owner)).toBe(
      'is_so_already',
    );
    expect(judgePin({ ...there, isPinned: true }, { on: false, pins: MOST_PINS }, owner)).toBe('changes');
  });
});

import {
  type Act,
  heir,
  judge,
  judgeRemoval,
  onLeaving,
  type RoomKind,
  type RoomRole,
  roleChanges,
  roleOnEntering,
  showReaders,
  type Standing,
  type Verdict,
} from './member.rules';

const ACTS = ['see', 'join', 'leave', 'read', 'update', 'delete', 'invite', 'remove', 'changeRole'];
const CELLS: Record<string, Verdict> = {
  yes: 'allowed',
  no: 'forbidden',
  hid: 'room_not_found',
  out: 'not_a_member',
  dir: 'direct_room',
};

// columns as in ACTS
const TABLE: Record<RoomKind, Record<string, string>> = {
  public: {
    'guest outsider': '   hid hid hid hid hid hid hid hid hid',
    'guest member': '     yes yes yes yes no  no  yes no  no ',
    'guest moderator': '  yes yes yes yes yes no  yes yes no ',
    'guest owner': '      yes yes yes yes yes yes yes yes yes',
    'user outsider': '    yes yes out out out out out out out',
    'user invited': '     yes yes out out out out out out out',
    'guest invited': '    yes yes out out out out out out out',
    'steward invited': '  yes yes out out yes yes yes yes out',
    'user member': '      yes yes yes yes no  no  yes no  no ',
    'user moderator': '   yes yes yes yes yes no  yes yes no ',
    'user owner': '       yes yes yes yes yes yes yes yes yes',
    'steward outsider': ' yes yes out out yes yes yes yes out',
    'steward member': '   yes yes yes yes yes yes yes yes no ',
    'steward moderator': 'yes yes yes yes yes yes yes yes no ',
    'steward owner': '    yes yes yes yes yes yes yes yes yes',
    'manager outsider': ' yes yes out out yes yes yes yes out',
  },
  private: {
    'guest outsider': '   hid hid hid hid hid hid hid hid hid',
    'guest member': '     yes yes yes yes no  no  no  no  no ',
    'guest moderator': '  yes yes yes yes yes no  yes yes no ',
    'guest owner': '      yes yes yes yes yes yes yes yes yes',
    'user outsider': '    hid hid hid hid hid hid hid hid hid',
    'user invited': '     yes yes out out out out out out out',
    'manager invited': '  yes yes out out out yes out out out',
    'user member': '      yes yes yes yes no  no  no  no  no ',
    'user moderator': '   yes yes yes yes yes no  yes yes no ',
    'user owner': '       yes yes yes yes yes yes yes yes yes',
    'steward outsider': ' hid hid hid hid hid hid hid hid hid',
    'steward member': '   yes yes yes yes no  no  no  no  no ',
    'steward moderator': 'yes yes yes yes yes no  yes yes no ',
    'steward owner': '    yes yes yes yes yes yes yes yes yes',
    'manager outsider': ' hid hid hid hid hid yes hid hid hid',
    'manager member': '   yes yes yes yes no  yes no  no  no ',
  },
  direct: {
    'guest outsider': '   hid hid hid hid hid hid hid hid hid',
    'guest member': '     yes yes dir yes dir dir dir dir dir',
    'user outsider': '    hid hid hid hid hid hid hid hid hid',
    'user member': '      yes yes dir yes dir dir dir dir dir',
    'steward outsider': ' hid hid hid hid hid hid hid hid hid',
    'steward member': '   yes yes dir yes dir dir dir dir dir',
    'manager outsider': ' hid hid hid hid hid hid hid hid hid',
    'manager member': '   yes yes dir yes dir dir dir dir dir',
  },
};

const standing = (kind: RoomKind, who: string): Standing => {
  const [account, part] = who.split(' ') as [string, RoomRole | 'outsider' | 'invited'];
  return {
    kind,
    role: part === 'outsider' || part === 'invited' ? null : part,
    invited: part === 'invited',
    mayBrowse: account !== 'guest',
    // whoever manages rooms moderates them
    mayModerate: account === 'steward' || account === 'manager',
    mayManage: account === 'manager',
  };
};

describe.each(Object.keys(TABLE) as RoomKind[])('in a %s room', (kind) => {
  test.each(Object.entries(TABLE[kind]))('a %s has exactly these rights', (who, row) => {
    const expected = row
      .trim()
      .split(/ +/)
      .map((cell, i) => [ACTS[i], CELLS[cell]]);
    expect(ACTS.map((act) => [act, judge(act as Act, standing(kind, who))])).toEqual(expected);
  });
});

describe('removing a member', () => {
  const targets: RoomRole[] = ['member', 'moderator', 'owner'];
  test.each([
    ['public', 'user member', ['forbidden', 'forbidden', 'forbidden']],
    ['public', 'user moderator', ['allowed', 'forbidden', 'forbidden']],
    ['public', 'user owner', ['allowed', 'allowed', 'forbidden']],
    ['public', 'steward outsider', ['allowed', 'forbidden', 'forbidden']],
    ['public', 'steward member', ['allowed', 'forbidden', 'forbidden']],
    ['public', 'steward owner', ['allowed', 'allowed', 'forbidden']],
    ['private', 'steward member', ['forbidden', 'forbidden', 'forbidden']],
    ['private', 'user moderator', ['allowed', 'forbidden', 'forbidden']],
    ['private', 'user outsider', ['room_not_found', 'room_not_found', 'room_not_found']],
    ['direct', 'user member', ['direct_room', 'direct_room', 'direct_room']],
  ] as const)('in a %s room by a %s needs a higher rank', (kind, who, expected) => {
    expect(targets.map((target) => judgeRemoval(standing(kind, who), target))).toEqual(expected);
  });
});

describe('giving a role', () => {
  const member = { userId: 'b', role: 'member' } as const;
  test('to who has it changes nothing', () => {
    expect(roleChanges('a', member, 'member')).toEqual([]);
    expect(roleChanges('a', { userId: 'a', role: 'owner' }, 'owner')).toEqual([]);
  });
  test('to another changes theirs', () => {
    expect(roleChanges('a', member, 'moderator')).toEqual([{ userId: 'b', role: 'moderator' }]);
  });
  test('of owner makes the former owner a moderator', () => {
    expect(roleChanges('a', member, 'owner')).toEqual([
      { userId: 'b', role: 'owner' },
      { userId: 'a', role: 'moderator' },
    ]);
  });
  test.each(['member', 'moderator'] as const)('of %s to oneself needs another owner first', (role) => {
    expect(roleChanges('a', { userId: 'a', role: 'owner' }, role)).toBe('owner_must_hand_over');
  });
});

describe('leaving', () => {
  test.each([
    ['public', 'owner', 2, 'owner_must_hand_over'],
    ['private', 'owner', 2, 'owner_must_hand_over'],
    ['public', 'moderator', 2, 'room_stays'],
    ['private', 'member', 2, 'room_stays'],
    ['public', 'owner', 1, 'room_stays'],
    ['private', 'owner', 1, 'room_goes'],
    ['direct', 'member', 2, 'room_stays'],
    ['direct', 'member', 1, 'room_goes'],
  ] as const)('a %s room as its %s, one of %d: %s', (kind, role, members, expected) => {
    expect(onLeaving(kind, role, members)).toBe(expected);
  });
});

describe('after an owner who is gone, a room belongs to', () => {
  const member = (userId: string) => ({ userId, role: 'member' as const });
  const moderator = (userId: string) => ({ userId, role: 'moderator' as const });
  test('its longest-serving moderator', () => {
    expect(heir([member('a'), moderator('b'), moderator('c')])).toBe('b');
  });
  test('its longest-serving member where there is none', () => {
    expect(heir([member('a'), member('b')])).toBe('a');
  });
  test('nobody where nobody is left', () => {
    expect(heir([])).toBeUndefined();
  });
});

test('whoever enters an empty room owns it', () => {
  expect([0, 1, 2].map(roleOnEntering)).toEqual(['owner', 'member', 'member']);
});

test.each([
  [1, true],
  [2, true],
  [32, true],
  [33, false],
  [100_000, false],
])('in a room of %i the members are told how far each has read: %s', (memberCount, told) => {
  expect(showReaders(memberCount)).toBe(told);
});

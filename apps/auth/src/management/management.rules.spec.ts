import { locksOut } from './management.rules';

const admin = { role: 'admin', disabled: false };

describe('the last admin who may log in', () => {
  it.each([
    ['is demoted', { ...admin, role: 'moderator' }],
    ['is disabled', { ...admin, disabled: true }],
    ['goes', undefined],
  ])('locks everybody out when they are no more: %s', (_what, becomes) => {
    expect(locksOut(0, admin, becomes)).toBe(true);
    expect(locksOut(1, admin, becomes)).toBe(false);
  });

  it('may change in whatever else', () => {
    expect(locksOut(0, admin, admin)).toBe(false);
  });
});

it('whoever may not administer locks nobody out', () => {
  for (const is of [
    { role: 'user', disabled: false },
    { role: 'admin', disabled: true },
  ])
    for (const becomes of [{ role: 'guest', disabled: true }, undefined])
      expect(locksOut(0, is, becomes)).toBe(false);
});

import { takesAnAdmin } from './management.rules';

const admin = { role: 'admin', disabled: false };

describe('an admin who may log in', () => {
  it.each([
    ['is demoted', { ...admin, role: 'moderator' }],
    ['is disabled', { ...admin, disabled: true }],
    ['goes', undefined],
  ])('is one less when they are no more: %s', (_what, becomes) => {
    expect(takesAnAdmin(admin, becomes)).toBe(true);
  });

  it('stays one whatever else changes', () => {
    expect(takesAnAdmin(admin, admin)).toBe(false);
  });
});

it('whoever may not administer is no admin less', () => {
  for (const is of [
    { role: 'user', disabled: false },
    { role: 'admin', disabled: true },
  ])
    for (const becomes of [{ role: 'guest', disabled: true }, admin, undefined])
      expect(takesAnAdmin(is, becomes)).toBe(false);
});

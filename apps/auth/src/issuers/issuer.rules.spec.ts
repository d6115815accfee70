import { emailIn, goodUntil, idIn, isBefore, rolesIn } from './issuer.rules';

const mapping = {
  claims: { id: 'sub', displayName: 'name', username: 'preferred_username', email: 'email', role: 'groups' },
  roles: { staff: 'moderator' },
};

it.each([undefined, '', 7, { a: 1 }, 'a\nb', 'x'.repeat(201), '\ud800'])('%p is no id', (sub) => {
  expect(idIn({ sub }, mapping)).toBeUndefined();
});

it('an address counts where the issuer has verified it', () => {
  const email = 'a@example.org';
  expect(emailIn({ email, email_verified: true }, mapping)).toBe(email);
  for (const email_verified of [undefined, false, 'true', 1])
    expect(emailIn({ email, email_verified }, mapping)).toBeUndefined();
});

it('of the values of a claim those count that are said to be roles', () => {
  expect(rolesIn({ groups: ['staff', 'admin', 'toString', 7] }, mapping)).toEqual(['moderator']);
  expect(rolesIn({ groups: 'staff' }, mapping)).toEqual(['moderator']);
  expect(rolesIn({}, mapping)).toEqual([]);
});

it('a token is good for a day at most', () => {
  expect(goodUntil({ iat: 1_000, exp: 1_100 })).toEqual(new Date(1_100_000));
  expect(goodUntil({ iat: 1_000, exp: 1e9 })).toEqual(new Date((1_000 + 86_400) * 1_000));
});

it('what was signed in the second of an end counts as before it', () => {
  const end = new Date(5_500);
  expect([4, 5, 6].map((iat) => isBefore({ iat }, end))).toEqual([true, true, false]);
});

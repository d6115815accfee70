import { containing } from './user.rules';

test('a pattern holds a text as it is', () => {
  expect(containing('50%_\\')).toBe('%50\\%\\_\\\\%');
});

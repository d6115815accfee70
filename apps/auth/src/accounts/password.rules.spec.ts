import { isCommonPassword } from './common-passwords';
import { weaknessOf } from './password.rules';

describe('a password', () => {
  const of = (password: string, names = ['olga', 'olga.k@example.org']): string | undefined =>
    weaknessOf(password, names, isCommonPassword);

  it.each([
    'password',
    '12345678',
    'PassWord123',
    'iloveyou1',
    'qwertyuiop',
    'ｐassword',
    'aaaaaaaa',
    'abababab',
  ])('is not one that everybody tries first: %s', (password) =>
    expect(of(password)).toEqual(expect.any(String)),
  );

  it.each(['Olga2024', 'olgaolga', 'olga.k@example.org', 'OLGA.K@EXAMPLE.ORG1', 'olga-olga-1', '1olga.k1'])(
    'is not little more than the name of its account: %s',
    (password) => expect(of(password)).toEqual(expect.any(String)),
  );

  it.each(['correct horse battery', 'my friend olga and her cat', 'длинный пароль', '語語語 語語 語か語'])(
    'may be anything else: %s',
    (password) => expect(of(password)).toBeUndefined(),
  );

  it('may have a short name somewhere in it', () => {
    expect(of('annual horse battery', ['ann', 'ann@example.org'])).toBeUndefined();
  });
});

/** What fields look like, for tables of wrong values. */
export type Kind = 'text' | 'id' | 'seq' | 'flag' | 'usernames' | 'word';

const BROKEN = ['nul \0 inside', 'half \ud800 a pair'];
const NO_STRING = [42, true, null, [], {}, ['a']];

/** Values that no field of a kind takes. `max`: how long a text may be. */
export const wrongValues = (kind: Kind, max = 4000): readonly unknown[] => {
  switch (kind) {
    case 'text':
      return [...NO_STRING, ...BROKEN, 'x'.repeat(max + 1)];
    case 'id':
      return [...NO_STRING, ...BROKEN, '', 'no-id', '../../users', "' OR 1=1 --", 'x'.repeat(5000)];
    case 'seq':
      return ['one', '', true, null, [], {}, -1, 1.5, 1e300, 2 ** 53];
    case 'flag':
      return ['yes', 1, null, [], {}];
    case 'word':
      return [...NO_STRING, 'unheard-of', '', '__proto__', 'constructor'];
    case 'usernames':
      return ['boris', 42, null, {}, [42], [null], ['not a name'], ['x'.repeat(33)], [['boris']], manyNames];
  }
};

const manyNames = Array.from({ length: 101 }, (_, i) => `somebody${i}`);

/** A valid object, and each of its wrong versions with what is wrong with it. */
export const wrongVersions = (
  valid: Readonly<Record<string, unknown>>,
  kinds: Readonly<Record<string, [Kind, number?]>>,
): [what: string, body: object][] => [
  ...Object.entries(kinds).flatMap(([field, [kind, max]]) =>
    wrongValues(kind, max).map((value): [string, object] => [
      `${field}: ${(JSON.stringify(value) ?? 'undefined').slice(0, 40)}`,
      { ...valid, [field]: value },
    ]),
  ),
  ['an unknown field', { ...valid, admin: true }],
  ['an inherited name as a field', JSON.parse(`{"__proto__": {"a": 1}, "constructor": 1}`) as object],
];

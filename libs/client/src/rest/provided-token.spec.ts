import { providedToken } from './provided-token';

const jwt = (claims: object): string => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

describe('a provided token', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each([
    ['as it says itself', (i: number) => jwt({ iat: 1_000, exp: 1_100, i })],
    ['as the answer says', (i: number) => ({ accessToken: `t${i}`, expiresIn: 100 })],
  ])('is kept until it has lived most of its life: %s', async (_what, give) => {
    let asked = 0;
    const getToken = providedToken(() => give(++asked));
    const first = await getToken({ fresh: false });
    jest.advanceTimersByTime(79_000);
    expect(await getToken({ fresh: false })).toBe(first);
    jest.advanceTimersByTime(1_000);
    expect(await getToken({ fresh: false })).not.toBe(first);
    expect(asked).toBe(2);
  });

  it('is asked for once by many, and again where it was refused', async () => {
    let asked = 0;
    const getToken = providedToken(() => Promise.resolve(`t${++asked}`));
    const all = await Promise.all(Array.from({ length: 5 }, async () => getToken({ fresh: false })));
    expect(new Set(all)).toEqual(new Set(['t1']));
    expect(await getToken({ fresh: true })).toBe('t2');
    expect(await getToken({ fresh: false })).toBe('t2');
  });

  it('that failed is asked for again', async () => {
    let asked = 0;
    const getToken = providedToken(() => (++asked === 1 ? Promise.reject(new Error('away')) : 't'));
    await expect(getToken({ fresh: false })).rejects.toThrow('away');
    expect(await getToken({ fresh: false })).toBe('t');
  });

  it.each([undefined, null, '', {}, { accessToken: 1 }])('is a token: %p', async (wrong) => {
    await expect(providedToken(() => wrong as unknown as string)({ fresh: false })).rejects.toThrow(
      'accessToken',
    );
  });
});

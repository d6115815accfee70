import { CallRates } from './call-rates';

const rates = (): CallRates => new CallRates({ RATE_LIMIT: 10 });

describe('what calls cost', () => {
  it('is one for each, until nothing is left, and counts for one user alone', () => {
    const costs = rates();
    for (let i = 0; i < 10; i++) costs.spend('olga', 1, 12_000);
    expect(() => costs.spend('olga', 1, 12_000)).toThrow(expect.objectContaining({ code: 'rate_limited' }));
    expect(costs.wait('olga', 12_000)).toBe(8);
    costs.spend('boris', 1, 12_000);
    costs.spend('olga', 1, 20_000);
  });

  it('grows with what the answers hold', () => {
    const costs = rates();
    costs.answered('olga', 99, 0);
    for (let i = 0; i < 5; i++) costs.answered('olga', 199, 0);
    expect(costs.wait('olga', 0)).toBe(0);
    // it was not known before that it would be so much, and it is answered all the same
    costs.answered('olga', 1_000, 0);
    expect(costs.wait('olga', 0)).toBe(10);
    expect(costs.wait('olga', 10_000)).toBe(0);
  });
});

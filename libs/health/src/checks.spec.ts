import { Checks, type Need } from './checks';

const need = (name: string, look: Need['look'], vital = true): Need => ({ name, vital, look });
const there = async (): Promise<void> => undefined;
const away = async (): Promise<void> => Promise.reject(new Error('it is away'));

describe('what a process needs', () => {
  it('is told by name, with what is wrong in words', async () => {
    const checks = new Checks([need('database', there), need('redis', away, false)]);
    expect(await checks.found()).toEqual([
      { name: 'database', vital: true, ok: true, detail: '' },
      { name: 'redis', vital: false, ok: false, detail: 'it is away' },
    ]);
  });

  it('may lack something and be there', async () => {
    const lacking = need('chat', async () => 'bus: it is away');
    expect(await new Checks([lacking]).found()).toMatchObject([{ ok: true, detail: 'bus: it is away' }]);
  });

  it('keeps it from its work only where it cannot do without', async () => {
    expect(await new Checks([need('redis', away, false)]).able()).toBe(true);
    expect(await new Checks([need('database', away)]).able()).toBe(false);
    expect(await new Checks([]).able()).toBe(true);
  });

  it('that does not answer is not there', async () => {
    const silent = need('database', () => new Promise(() => undefined));
    expect(await new Checks([silent]).found()).toMatchObject([
      { ok: false, detail: 'no answer within 800 ms' },
    ]);
  });

  it('is looked at once, however many ask', async () => {
    const looks = jest.fn(there);
    const checks = new Checks([need('database', looks)]);
    await Promise.all(Array.from({ length: 100 }, () => checks.found()));
    await checks.found();
    expect(looks).toHaveBeenCalledTimes(1);
  });
});

import { counter, watched } from '.';
import { registry } from './registry';

const metrics = async (): Promise<string[]> => (await registry.metrics()).split('\n');

describe('what a process measures', () => {
  it('is there from the beginning where it has no labels', async () => {
    const sent = counter('veche_test_sent_total', 'Sent.');
    expect(await metrics()).toContain('veche_test_sent_total 0');
    sent.inc(3);
    expect(await metrics()).toContain('veche_test_sent_total 3');
  });

  it('is the sum of all that is watched, for as long as it is', async () => {
    const pools = watched('veche_test_connections', 'Connections.', 'database');
    const forget = pools.watch({ database: 'chat' }, () => 3);
    pools.watch({ database: 'chat' }, () => Promise.resolve(4));
    pools.watch({ database: 'auth' }, () => 1);
    expect(await metrics()).toContain('veche_test_connections{database="chat"} 7');
    forget();
    const later = await metrics();
    expect(later).toContain('veche_test_connections{database="chat"} 4');
    expect(later).toContain('veche_test_connections{database="auth"} 1');
  });

  it.each([
    ['fails', () => Promise.reject(new Error('out of reach'))],
    [
      'throws',
      () => {
        throw new Error('out of reach');
      },
    ],
    ['is not answered', () => new Promise<number>(() => undefined)],
  ])('is not a number where the question %s, and the rest is told', async (why, look) => {
    const name = `veche_test_${why.replaceAll(' ', '_')}`;
    watched(name, 'Asked for.').watch({}, look);
    const known = counter(`${name}_known_total`, 'Known.');
    known.inc();
    expect(await metrics()).toEqual(expect.arrayContaining([`${name} Nan`, `${name}_known_total 1`]));
  });
});

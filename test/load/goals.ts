import type { Results } from './results';

/** What a run is held against. */
export interface Goal {
  readonly what: string;
  readonly seen: number;
  readonly wanted: string;
  readonly met: boolean;
}

const atLeast = (what: string, seen: number, bound: number): Goal => ({
  what,
  seen,
  wanted: `at least ${bound}`,
  met: seen >= bound,
});
const atMost = (what: string, seen: number, bound: number): Goal => ({
  what,
  seen,
  wanted: `at most ${bound}`,
  met: seen <= bound,
});

/** Those goals for which this run has figures. Ratios are of Veche to its baseline in the same run. */
export const goals = ({
  traffic,
  idle,
  history,
  disturbed,
  lists,
  crowd,
  readers,
  rest,
}: Results): Goal[] => {
  const of = (key: string) => {
    const [bare, veche, embedded] = ['bare', 'postgres', 'embedded'].map((target) =>
      traffic.find((f) => f.key === key && f.on === target),
    );
    return { bare, veche, embedded };
  };
  const found: Goal[] = [];
  const [a, b, c] = [of('a'), of('b'), of('c')];
  if (a.bare && a.veche)
    found.push(
      atLeast('a: deliveries, × bare Socket.IO', a.veche.deliveriesPerSecond / a.bare.deliveriesPerSecond, 3),
    );
  if (b.bare && b.veche)
    found.push(atLeast('b: sends, × bare Socket.IO', b.veche.sendsPerSecond / b.bare.sendsPerSecond, 1.3));
  if (c.bare && c.veche)
    found.push(
      atMost('c: delivered p99, ms', c.veche.delivered.p99, 15),
      atMost('c: delivered p99, × bare Socket.IO', c.veche.delivered.p99 / c.bare.delivered.p99, 5),
    );
  for (const [key, { veche, embedded }] of Object.entries({ a, b }))
    if (veche && embedded)
      found.push(
        atLeast(
          `${key}: embedded database, × PostgreSQL`,
          embedded.sendsPerSecond / veche.sendsPerSecond,
          0.7,
        ),
      );
  const [bareIdle, vecheIdle] = ['bare', 'postgres'].map((target) => idle.find((f) => f.on === target));
  if (bareIdle && vecheIdle)
    found.push(
      atMost(
        'e: memory of a connection, × bare Socket.IO',
        vecheIdle.bytesPerConnection / bareIdle.bytesPerConnection,
        1.4,
      ),
      atMost('e: seconds until 10,000 devices are whole after a restart', vecheIdle.secondsUntilWhole, 20),
    );
  const [short, long] = history;
  if (short && long)
    found.push(
      atMost('f: a page, 10⁶ × 10³ entries', long.page / short.page, 1.2),
      atMost('f: an append, 10⁶ × 10³ entries', long.append / short.append, 1.2),
    );
  if (lists)
    found.push(
      atMost('j: a page of GET /rooms, ms', Math.max(lists.firstPage, lists.middlePage), 100),
      atMost('j: what ready weighs, KiB', lists.readyBytes / 1024, 32),
    );
  if (crowd)
    found.push(
      atMost('k: connections broken', crowd.brokenConnections, 0),
      atMost('k: joins refused', crowd.refused, 0),
    );
  if (readers) found.push(atMost('l: frames for each mark', readers.framesPerMark, 1));
  const [bareRest, vecheRest] = rest;
  if (bareRest && vecheRest)
    found.push(
      atLeast('m: posts by REST, × bare Fastify', vecheRest.postsPerSecond / bareRest.postsPerSecond, 1),
      atLeast('m: pages by REST, × bare Fastify', vecheRest.pagesPerSecond / bareRest.pagesPerSecond, 0.6),
    );
  for (const { key, acknowledged } of disturbed)
    found.push(atMost(`${key}: acknowledged p99 of the others, ms`, acknowledged.p99, 100));
  return found;
};

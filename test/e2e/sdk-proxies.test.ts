import { eventually } from '@veche/testing';
import { BadNetwork, talkThrough } from '../harness/bad-network';
import { shapeOfRun, Veche } from '../harness/veche';

let veche: Veche;
beforeAll(async () => {
  veche = await Veche.start(shapeOfRun());
});
afterAll(() => veche.destroy(), 30_000);

for (const [what, upgrades] of [
  ['leaves WebSockets unanswered', 'unanswered'],
  ['answers WebSockets and lets nothing pass', 'silent'],
  ['answers WebSockets and lets nothing of the server pass', 'deaf'],
  ['refuses WebSockets', 'refused'],
] as const)
  test.concurrent(
    `behind a proxy that ${what} everything works, and what was learnt about it is remembered`,
    async () => {
      const network = await BadNetwork.behindProxy(veche, upgrades);
      const begun = (paths: readonly string[] = [], transport: string): number =>
        paths.filter((path) => path.includes(`transport=${transport}`) && !path.includes('sid=')).length;
      try {
        await talkThrough(network, async ({ link, proxy }) => {
          link.cut();
          // who polls notices it with the next request, and had none under way perhaps
          await eventually(() => network.isDown);
          const tried = begun(proxy?.upgrades, 'websocket');
          const polled = begun(proxy?.requests, 'polling');
          link.mend();
          await eventually(() => begun(proxy?.requests, 'polling') >= polled + 2);
          // what is refused at once costs nothing to try; what stays silent costs seconds
          if (upgrades !== 'refused') expect(begun(proxy?.upgrades, 'websocket')).toBe(tried);
        });
        if (upgrades !== 'refused') expect(begun(network.proxy?.upgrades, 'websocket')).toBeGreaterThan(1);
      } finally {
        network.close();
      }
    },
    180_000,
  );

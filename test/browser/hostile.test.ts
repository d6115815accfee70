import fc from 'fast-check';
import { type Block, type Inline, parse } from '../../apps/web/src/markdown/parse';
import { anyText } from '../../apps/web/src/markdown/texts.arbitrary';
import { type Device, devices } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import { inTurns } from '../harness/waiting';
import type { Events, Room } from '../harness/wire';

const doors = sharedDoors();
const open = devices(() => doors);

/** How long texts are generated; much longer by `npm run test:hostile`. */
const FOR_MS = Number(process.env.HOSTILE_MINUTES ?? 0.3) * 60_000;
const IN_A_ROOM = 24;
/** Nobody waits longer for a page, also on a machine that others keep busy. */
const FROZEN_MS = 5_000;
/** The server's limit, in characters. */
const MAX = 4000;

/** Found by hand: each of them took a room from everybody in it, or froze it, or showed something else than was typed. */
const FOUND = [
  '&x;',
  'Tom &amp; Jerry',
  '[x](http://e.org/?a=1&amp;b=2)',
  '```x&y;',
  '```x&y;\ncode\n```',
  '- '.repeat(921),
  '- '.repeat(2000),
  '>'.repeat(2304),
  '>'.repeat(4000),
  ...Array.from({ length: 10 }, () => '*_'.repeat(2000)),
  '*[a](b)'.repeat(571),
  `${'*_'.repeat(999)}a${'_*'.repeat(999)}`,
  '-\n'.repeat(2000),
  '['.repeat(2000) + ']'.repeat(2000),
  '\\\\server\\_share\\docs',
  '\\d+\\.\\d+',
  '¯\\_(ツ)_/¯',
  '6. Oktober\n24. Oktober\n25. Oktober',
  '> quote\nmy answer',
  '« https://example.com »',
  '<img src=x onerror="document.title=\'broken\'"><script>document.title="broken"</script>',
  `zalgo ${'o\u0301'.repeat(10)}${'\u0335\u0321\u0489'.repeat(1300)}`,
  '\u202eturned around\u2066 and again',
  '\u{1F469}\u200d'.repeat(1500),
];

/** What the elements of a message say, one after the other. */
const said = (parts: readonly (Block | Inline)[]): string =>
  parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('items' in part)
        return part.items
          .map(
            ({ mark, task, children }) =>
              (part.ordered ? `${mark} ` : '') + (task ? `${task} ` : '') + said(children),
          )
          .join('');
      if ('rows' in part) return said(part.rows.flat(2));
      return 'text' in part ? part.text : said(part.children);
    })
    .join('');

/** Goes through a room to its end and to its beginning: what each message says, and the longest that the page stood still. */
const walk = ({ page }: Device): Promise<{ seen: [number, string][]; frozen: number }> =>
  page.evaluate(async () => {
    const log = document.querySelector('[role=log][aria-label=Messages]');
    if (!log) throw new Error('there is no list');
    const seen = new Map<number, string>();
    let frozen = 0;
    let last = performance.now();
    const frame = (): Promise<void> =>
      new Promise((resolve) =>
        requestAnimationFrame(() => {
          frozen = Math.max(frozen, performance.now() - last);
          last = performance.now();
          resolve();
        }),
      );
    const go = async (pages: 1 | -1): Promise<void> => {
      for (let still = 0, before = -1; still < 20;) {
        for (const row of log.querySelectorAll<HTMLElement>('[data-seq]')) {
          const text = row.querySelector('[dir=auto][class*=markdown]');
          if (text) seen.set(Number(row.dataset.seq), text.textContent);
        }
        log.scrollTop += pages * log.clientHeight;
        await frame();
        still = log.scrollTop === before ? still + 1 : 0;
        before = log.scrollTop;
      }
    };
    await go(1);
    await go(-1);
    return { seen: [...seen], frozen };
  });

/** Anna says all of it in a room; Boris, who has it before him, sees each as it was meant, and can answer. */
const isUsableWith = async (
  anna: Person,
  room: Room,
  his: Device,
  texts: readonly string[],
): Promise<void> => {
  await inTurns(texts, 4, (text) => anna.send(room.id, text));
  const { page } = his;
  await page.getByRole('link', { name: room.name }).click();
  await page.getByRole('textbox', { name: `Write to ${room.name}` }).waitFor();
  await page.locator('article').first().waitFor();
  const { seen: rows, frozen } = await walk(his);
  const seen = new Map(rows);
  const messages = (await anna.log(room.id)).flatMap((entry) =>
    entry.type === 'message.created' ? [[entry.seq, said(parse(entry.text ?? ''))] as [number, string]] : [],
  );
  expect(messages).toHaveLength(texts.length);
  expect([...seen].toSorted(([a], [b]) => a - b).map(([seq]) => seq)).toEqual(messages.map(([seq]) => seq));
  for (const [seq, text] of messages) expect(seen.get(seq)).toBe(text);
  expect(frozen).toBeLessThan(FROZEN_MS);
  await page.getByRole('textbox', { name: `Write to ${room.name}` }).fill('I am still here');
  await page.keyboard.press('Enter');
  await page.getByRole('log', { name: 'Messages' }).getByText('I am still here', { exact: true }).waitFor();
  expect(await page.title()).toContain(room.name);
  expect(his.problems).toEqual([]);
};

test('a room stays usable, whatever was found to break one', async () => {
  const [anna, boris] = [await Person.register(doors), await Person.register(doors)];
  const room = await anna.createRoom('private', [boris]);
  const his = await open();
  await his.logIn(boris);
  await isUsableWith(anna, room, his, FOUND);
});

test(
  'a room stays usable, whatever is said in it',
  async () => {
    const [anna, boris] = [await Person.register(doors), await Person.register(doors)];
    const his = await open();
    await his.logIn(boris);
    // something to see at its end: the server takes no message without
    const text = anyText.map((any) => `${[...any].slice(0, MAX - 6).join('')}\n\nend.`);
    const texts = fc.array(text, { minLength: IN_A_ROOM, maxLength: IN_A_ROOM, size: 'max' });
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        const room = await anna.createRoom('private', [boris]);
        await isUsableWith(anna, room, his, all);
      }),
      { numRuns: 100_000, interruptAfterTimeLimit: FOR_MS, endOnFailure: true },
    );
  },
  FOR_MS + 120_000,
);

test('an entry that cannot be shown is its text, and takes nothing else with it', async () => {
  const [anna, boris] = [await Person.register(doors), await Person.register(doors)];
  const room = await anna.createRoom('private', [boris]);
  await anna.send(room.id, 'before it');
  const broken = await anna.send(room.id, 'the **broken** one');
  await anna.send(room.id, 'after it');
  const his = await open();
  // an entry of a time that there is not: no page can say when that was
  await his.page.route('**/api/v1/rooms/*/events?*', async (route) => {
    const answer = await route.fetch();
    const page = (await answer.json()) as Events;
    const items = page.items.map((entry) => (entry.seq === broken.seq ? { ...entry, at: 'never' } : entry));
    await route.fulfill({ response: answer, json: { ...page, items } });
  });
  await his.logIn(boris);
  await his.page.getByRole('link', { name: room.name }).click();
  for (const text of ['before it', 'the **broken** one', 'after it'])
    await his.page.getByRole('log', { name: 'Messages' }).getByText(text, { exact: true }).waitFor();
  await his.page.getByRole('textbox', { name: `Write to ${room.name}` }).fill('I am still here');
  await his.page.keyboard.press('Enter');
  await his.page.getByText('I am still here', { exact: true }).waitFor();
  // React tells the console what it caught
  expect(his.problems.splice(0).join()).toMatch(/RangeError/);
});

import { eventually } from '@veche/testing';
import type { Locator, Page } from 'playwright-core';
import { devices } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

const list = (page: Page): Locator => page.getByRole('log', { name: 'Messages' });
const row = (page: Page, text: string): Locator =>
  list(page)
    .locator('[data-index]')
    .filter({ has: page.getByText(text, { exact: true }) });

/** What the page puts on the clipboard for the keys, as the browser would. */
const copied = async (page: Page): Promise<string | undefined> => {
  await page.evaluate(() => {
    const seen = window as unknown as { copied?: string | undefined };
    seen.copied = undefined;
    // after the page, which listens further in
    window.addEventListener(
      'copy',
      (event) =>
        (seen.copied = event.defaultPrevented ? event.clipboardData?.getData('text/plain') : undefined),
      { once: true },
    );
  });
  await page.keyboard.press('Control+c');
  return page.evaluate(() => (window as unknown as { copied?: string }).copied);
};

const reader = async (count: number) => {
  const [person, writer] = [await Person.register(doors, 'reader'), await Person.register(doors, 'writer')];
  const room = await person.createRoom('public', [writer]);
  for (let i = 1; i <= count; i++)
    await (i % 2 ? writer : person).send(room.id, i === 7 ? '**message** 7\n> said' : `message ${i}`);
  const device = await open();
  await device.logIn(person);
  const { page } = device;
  await page.goto(`/rooms/${room.id}`);
  await list(page).locator('article').first().waitFor();
  const latest = page.getByRole('button', { name: /^Latest messages/ });
  if (await latest.isVisible()) await latest.click();
  await row(page, `message ${count}`).waitFor();
  return { page, person, writer, room };
};

/** The numbers of the messages in a text that was copied, each below its author and its time. */
const numbersIn = (text: string | undefined, authors: readonly [odd: string, even: string]): number[] =>
  (text ?? '')
    .split('\n\n')
    .filter((part) => part.includes('\n'))
    .map((part) => {
      const [head = '', first = ''] = part.split('\n');
      const number = Number(/message\W* (\d+)/.exec(first)?.[1]);
      expect(head).toMatch(new RegExp(`^${authors[number % 2 ? 0 : 1]}, .*\\d`));
      return number;
    });

const upTo = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const middleOf = async (it: Locator): Promise<[number, number]> => {
  const box = await it.boundingBox();
  if (!box) throw new Error('it is not on the screen');
  return [box.x + box.width / 2, box.y + box.height / 2];
};

test('what is selected while one scrolls is copied whole: who, when, and what was typed', async () => {
  const { page, person, writer } = await reader(120);
  const authors = [writer.username, person.username] as const;
  const text = (number: number): Locator => list(page).getByText(`message ${number}`, { exact: true });
  await page.mouse.move(...(await middleOf(text(120))));
  await page.mouse.down();
  await page.mouse.move(...(await middleOf(text(119))), { steps: 3 });
  await eventually(async () => {
    await page.mouse.wheel(0, -400);
    return text(40).isVisible();
  });
  await text(40).scrollIntoViewIfNeeded();
  await eventually(async () => {
    const box = await text(40).boundingBox();
    // before its first letter: what is selected of it is all
    await page.mouse.move(box?.x ?? 0, (box?.y ?? 0) + 8, { steps: 2 });
    return page.evaluate(() => getSelection()?.focusNode?.textContent === 'message 40');
  });
  await page.mouse.up();
  // far more than the list keeps in the page
  expect(await list(page).locator('article').count()).toBeLessThan(80);
  expect(numbersIn(await copied(page), authors)).toEqual(upTo(40, 120));
  // nor does it matter where one has gone to since
  await page.mouse.wheel(0, -100_000);
  await eventually(async () => !(await row(page, 'message 60').isVisible()));
  expect(numbersIn(await copied(page), authors)).toEqual(upTo(40, 120));
});

test('all that is loaded is selected by the keys, as typed, and what happened stands between', async () => {
  const { page, person, writer } = await reader(12);
  await row(page, 'message 12').click();
  await page.keyboard.press('Control+a');
  await eventually(async () => ((await copied(page)) ?? '') !== '');
  const text = (await copied(page)) ?? '';
  expect(numbersIn(text, [writer.username, person.username])).toEqual(upTo(1, 12));
  expect(text).toContain('**message** 7\n> said');
  expect(text.split('\n\n').slice(0, 2)).toEqual([
    `${person.username} created the room`,
    `${person.username} invited ${writer.username}`,
  ]);
});

test('within one message, and in the field, the browser copies as ever', async () => {
  const { page } = await reader(4);
  const text = list(page).getByText('message 3', { exact: true });
  await text.dblclick();
  expect(await copied(page)).toBeUndefined();
  // three clicks select up to the beginning of the next line, and nothing in it
  await text.click({ clickCount: 3 });
  expect(await copied(page)).toBeUndefined();
  const field = page.getByRole('textbox', { name: /^Write to/ });
  await field.fill('not yet said');
  await field.press('Control+a');
  expect(await copied(page)).toBeUndefined();
});

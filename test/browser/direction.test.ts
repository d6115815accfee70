import type { Locator } from 'playwright-core';
import { devices, NARROW } from '../harness/browser';
import { Person, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

const directionOf = (locator: Locator): Promise<string> =>
  locator.evaluate((it) => getComputedStyle(it).direction);

/** Where a word stands, in pixels from the left of the page. */
const leftOf = (locator: Locator, word: string): Promise<number> =>
  locator.evaluate((it, wanted) => {
    const texts = document.createTreeWalker(it, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const at = node.nodeValue?.indexOf(wanted) ?? -1;
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      return range.getBoundingClientRect().left;
    }
    throw new Error(`${wanted} is not there`);
  }, word);

test('a message is laid out by its first letter, and so is what one writes', async () => {
  const person = await Person.register(doors);
  const room = await person.createRoom('private');
  const device = await open();
  const { page } = device;
  for (const [text, direction] of [
    ['שלום anna, hello', 'rtl'],
    ['مرحبا بك', 'rtl'],
    ['123 … שלום', 'rtl'],
    ['hello שלום', 'ltr'],
    ['123', 'ltr'],
    ['1. שלום\n2. hello', 'rtl'],
    ['> שלום\n> hello', 'rtl'],
  ] as const) {
    const { seq } = await person.send(room.id, text);
    if (!page.url().includes(room.id)) {
      await device.logIn(person);
      await page.getByRole('link', { name: room.name }).click();
    }
    const message = page.locator(`[data-seq="${seq}"] article [dir=auto]`).last();
    await message.waitFor();
    expect([text, await directionOf(message)]).toEqual([text, direction]);
  }
  const field = page.getByRole('textbox', { name: `Write to ${room.name}` });
  await field.fill('שלום');
  expect(await directionOf(field)).toBe('rtl');
  await field.fill('hello');
  expect(await directionOf(field)).toBe('ltr');
});

test('a name does not turn what stands around it', async () => {
  const [anna, evil] = [await Person.register(doors, 'anna'), await Person.register(doors, 'evil')];
  const room = await anna.createRoom('private', [evil], unique('שלום'));
  await evil.send(room.id, 'said by somebody');
  const device = await open({ previews: true });
  const { page } = device;
  // as it may be in the data of a server that took such names
  const name = 'Evil\u202e\u2067';
  await page.route('**/api/v1/**', async (route) => {
    const answer = await route.fetch();
    const body = await answer.text();
    await route.fulfill({
      response: answer,
      body: body.replaceAll(`"displayName":"${evil.username}"`, `"displayName":${JSON.stringify(name)}`),
    });
  });
  await device.logIn(anna);
  await page.getByRole('link', { name: room.name }).click();
  // in a sentence
  await page.getByText(`${anna.username} invited Evil`, { exact: true }).waitFor();
  // in the list of rooms: who said it, and what
  const preview = page.getByRole('link', { name: room.name }).getByText('said by somebody');
  expect(await leftOf(preview, 'said')).toBeLessThan(await leftOf(preview, 'somebody'));
  expect(await leftOf(preview, 'Evil')).toBeLessThan(await leftOf(preview, 'said'));
  // beside the message: its time follows
  const author = page.locator('article').filter({ hasText: 'said by somebody' });
  await author.getByText('Evil').waitFor();
  const time = author.locator('time');
  expect(await leftOf(author, 'Evil')).toBeLessThan((await time.boundingBox())?.x ?? 0);
  expect(await time.evaluate((it) => getComputedStyle(it).direction)).toBe('ltr');
  // in the list of members
  await page.getByRole('button', { name: '2 members' }).click();
  await page.getByRole('button', { name: 'Actions for Evil', exact: true }).waitFor();
  expect(await page.title()).toMatch(/^(\(\d+\) )?\u2068שלום[\w-]+\u2069 · Veche$/);
});

test('marks that are piled up stay in their message', async () => {
  const [anna, boris] = [await Person.register(doors), await Person.register(doors)];
  const room = await anna.createRoom('private', [boris]);
  const { seq } = await anna.send(room.id, 'what stands above');
  const device = await open(NARROW);
  const { page } = device;
  await device.logIn(boris);
  await page.getByRole('link', { name: room.name }).click();
  const above = page.locator(`[data-seq="${seq}"] article p`);
  await above.waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => true));
  const before = await above.screenshot();
  const { seq: piled } = await anna.send(room.id, `x${'\u0308'.repeat(600)}`);
  const pile = page.locator(`[data-seq="${piled}"] article p`);
  await pile.waitFor();
  expect((await above.screenshot()).equals(before)).toBe(true);
  // it is high enough to be seen up there
  await pile.evaluate((it) => {
    for (const element of [it, it.parentElement]) if (element) element.style.overflow = 'visible';
  });
  expect((await above.screenshot()).equals(before)).toBe(false);
});

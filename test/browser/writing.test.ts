import { eventually } from '@veche/testing';
import type { Locator, Page } from 'playwright-core';
import { type Device, devices } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Room } from '../harness/wire';

const doors = sharedDoors();
const open = devices(() => doors);

const field = (page: Page): Locator => page.getByRole('textbox', { name: /^Write to/ });
const list = (page: Page): Locator => page.getByRole('log', { name: 'Messages' });
const said = (page: Page): Promise<string[]> => list(page).locator('article p').allTextContents();

/** Somebody in a room of theirs, which may have messages by somebody else in it. */
const writer = async (
  view: Parameters<typeof open>[0] = {},
  count = 0,
): Promise<{ person: Person; other: Person; room: Room; device: Device; page: Page }> => {
  const [person, other] = [await Person.register(doors, 'writer'), await Person.register(doors, 'other')];
  const room = await person.createRoom('public', [other]);
  for (let i = 1; i <= count; i++) await other.send(room.id, `message ${i}`);
  const device = await open(view);
  await device.logIn(person);
  const { page } = device;
  await page.goto(`/rooms/${room.id}`);
  await field(page).waitFor();
  return { person, other, room, device, page };
};

/** A key as a browser tells of it; Playwright's own are those of Chromium. */
const press = (
  page: Page,
  key: { isComposing?: boolean; keyCode?: number; ctrlKey?: boolean },
): Promise<boolean> =>
  field(page).evaluate(
    (it, init) =>
      it.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })),
    { key: 'Enter', ...key },
  );

test('the Enter that ends a word of an input method sends nothing, in whichever browser', async () => {
  const { page } = await writer();
  await field(page).fill('にほんご');
  // Chromium and Firefox; Safari, where the word has ended before its key is told
  await press(page, { isComposing: true, keyCode: 229 });
  await press(page, { isComposing: true });
  await press(page, { isComposing: false, keyCode: 229 });
  await press(page, { keyCode: 229, ctrlKey: true });
  expect(await field(page).inputValue()).toBe('にほんご');
  // and the next one does
  await press(page, { keyCode: 13 });
  await list(page).getByText('にほんご').waitFor();
  expect(await field(page).inputValue()).toBe('');
});

test.each([
  ['a desk', {}, ['Enter', 'Control+Enter', 'Meta+Enter', 'Control+Shift+Enter'], ['Shift+Enter']],
  [
    'a tablet with keys',
    { touch: true, width: 1024, height: 768 },
    ['Control+Enter', 'Meta+Enter', 'Control+Shift+Enter'],
    ['Enter', 'Shift+Enter'],
  ],
] as const)(
  'on %s what sends sends, and what begins a line begins one',
  async (_name, view, sends, begins) => {
    const { page } = await writer(view);
    for (const keys of sends) {
      await field(page).fill(`by ${keys}`);
      await page.keyboard.press(keys);
      await list(page).getByText(`by ${keys}`, { exact: true }).waitFor();
      expect(await field(page).inputValue()).toBe('');
    }
    for (const keys of begins) {
      await field(page).fill('one');
      await page.keyboard.press(keys);
      await page.keyboard.type('two');
      expect(await field(page).inputValue()).toBe('one\ntwo');
    }
  },
);

test('what is typed in one tab is not lost when another leaves the room, nor back when it was sent', async () => {
  const { device, page: a, room, person } = await writer();
  const elsewhere = await person.createRoom('public');
  await field(a).fill('begun in A');
  const b = await device.tab(`/rooms/${room.id}`);
  await eventually(async () => (await field(b).inputValue()) === 'begun in A');
  await field(b).fill('begun in A, went on in B');
  // what is written is one text, in whichever tab one looks
  await eventually(async () => (await field(a).inputValue()) === 'begun in A, went on in B');
  await a.getByRole('link', { name: elsewhere.name }).click();
  await field(a)
    .and(a.getByLabel(`Write to ${elsewhere.name}`))
    .waitFor();
  await a.close();
  await b.reload();
  await eventually(async () => (await field(b).inputValue()) === 'begun in A, went on in B');

  const c = await device.tab(`/rooms/${room.id}`);
  await eventually(async () => (await field(c).inputValue()) === 'begun in A, went on in B');
  await field(b).press('Enter');
  await list(c).getByText('begun in A, went on in B').waitFor();
  await eventually(async () => (await field(c).inputValue()) === '');
  await c.getByRole('link', { name: elsewhere.name }).click();
  await field(c)
    .and(c.getByLabel(`Write to ${elsewhere.name}`))
    .waitFor();
  await c.close();
  await b.reload();
  await list(b).getByText('begun in A, went on in B').waitFor();
  expect(await field(b).inputValue()).toBe('');
});

test('what is typed is kept when the page is gone before anybody has paused', async () => {
  const { device, page, room } = await writer();
  await field(page).fill('in a hurry');
  await page.goto('about:blank');
  const again = await device.tab(`/rooms/${room.id}`);
  await eventually(async () => (await field(again).inputValue()) === 'in a hurry');
});

const drafts = (page: Page): Promise<string[]> =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('veche.draft')));

test('drafts go with a session that was ended elsewhere, whether its page is open or not', async () => {
  const { device, page, person, room } = await writer();
  const second = await device.tab(`/rooms/${room.id}`);
  await field(second).fill('nobody else reads this');
  await eventually(async () => (await drafts(page)).length === 1);
  const other = await person.anotherDevice();
  await other.rest.delete('/auth/sessions');
  for (const tab of [page, second]) {
    await tab.waitForURL('**/login*');
    expect(await drafts(tab)).toEqual([]);
  }
  await second.close();

  await device.logIn(person);
  await page.goto(`/rooms/${room.id}`);
  await field(page).fill('nor this');
  await eventually(async () => (await drafts(page)).length === 1);
  await page.goto('/favicon.svg');
  await other.rest.delete('/auth/sessions');
  await page.goto('/');
  await page.waitForURL('**/login*');
  expect(await drafts(page)).toEqual([]);
});

const belowTheScreen = (page: Page): Promise<number> =>
  list(page).evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight);

test('who is at the end sees it while what they write grows, shrinks and is sent', async () => {
  const { page } = await writer({}, 40);
  await page.getByRole('button', { name: /^Latest messages/ }).click();
  await list(page).getByText('message 40', { exact: true }).waitFor();
  await eventually(async () => (await belowTheScreen(page)) <= 1);
  for (const lines of [2, 3, 8, 30, 1]) {
    await field(page).fill(Array.from({ length: lines }, (_, i) => `line ${i + 1}`).join('\n'));
    // as it is painted next
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    expect({ lines, isAtEnd: (await belowTheScreen(page)) <= 1 }).toEqual({ lines, isAtEnd: true });
  }
  await page.setViewportSize({ width: 1280, height: 500 });
  await eventually(async () => (await belowTheScreen(page)) <= 1);
});

test('and who reads further up stays there', async () => {
  const { page } = await writer({}, 60);
  await page.getByRole('button', { name: /^Latest messages/ }).click();
  await list(page).getByText('message 60', { exact: true }).waitFor();
  await eventually(async () => (await belowTheScreen(page)) <= 1);
  await list(page).hover();
  await page.mouse.wheel(0, -900);
  await eventually(async () => (await belowTheScreen(page)) > 500);
  const top = (): Promise<number> => list(page).evaluate((it) => it.scrollTop);
  await eventually(async () => {
    const before = await top();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    return (await top()) === before;
  });
  const before = await top();
  await field(page).fill('one\ntwo\nthree\nfour');
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
});

test('who writes in a room has read it, wherever they go the moment after', async () => {
  const { page, person, other, room } = await writer({ previews: true });
  const elsewhere = await person.createRoom('public');
  await page.goto(`/rooms/${elsewhere.id}`);
  await other.send(room.id, 'a question');
  const link = page.getByRole('link', { name: room.name });
  await link.getByText('1 unread message').waitFor({ state: 'attached' });
  await link.click();
  await field(page)
    .and(page.getByLabel(`Write to ${room.name}`))
    .fill('an answer');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: elsewhere.name }).click();
  await link.getByText('You: an answer').waitFor();
  await link.getByText('unread').waitFor({ state: 'detached' });
  await eventually(async () => {
    const { items } = await person.rest.get<{ items: { id: string; unread: number }[] }>('/rooms');
    return items.find(({ id }) => id === room.id)?.unread === 0;
  });
  expect((await said(page)).length).toBe(0);
});

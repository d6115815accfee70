import { eventually } from '@veche/testing';
import { devices, NARROW } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Items } from '../harness/wire';

const doors = sharedDoors();
const open = devices(() => doors);

test('what was said is found while one types, narrowed down, opened where it stands, and come back to', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const room = await anna.createRoom('private', [boris]);
  const other = await anna.createRoom('private', [boris]);
  for (let i = 1; i <= 24; i++) await anna.send(room.id, `bridge plan ${i} <b>bold</b>`);
  await boris.send(other.id, 'The bridges of Königsberg: https://example.org');
  for (let i = 1; i <= 60; i++) await boris.send(other.id, `something else ${i}`);
  // what was said a moment ago is found a moment later
  await eventually(
    async () => (await anna.rest.get<Items<unknown>>('/search?q=bridge&limit=50')).items.length === 25,
  );

  const device = await open();
  const { page } = device;
  await device.logIn(anna);
  await page.goto(`/rooms/${room.id}`);
  await page.getByRole('textbox', { name: /^Write to/ }).waitFor();
  await page.keyboard.press('Control+f');
  const field = page.getByRole('searchbox', { name: 'Search messages' });
  await field.waitFor();
  await page.getByText('Find what was said in your rooms').waitFor();
  expect(await device.barriers()).toEqual([]);
  await page.keyboard.type('bridge');
  const hits = page.getByRole('list', { name: 'Search results' }).getByRole('link');
  await page.getByRole('status').getByText('20 messages shown').waitFor({ state: 'attached' });
  // the mark is ours, and what looks like one is text
  expect(await hits.first().locator('mark').allTextContents()).toEqual(['bridge']);
  expect(await hits.first().textContent()).toContain('<b>bold</b>');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('status').getByText('24 messages found').waitFor({ state: 'attached' });

  await page.getByRole('button', { name: `Only in ${room.name}` }).click();
  await page.getByRole('button', { name: 'Newest first' }).click();
  await hits.first().getByText('Königsberg').waitFor();
  expect(await hits.first().locator('mark').allTextContents()).toEqual(['bridges']);
  expect(await device.barriers()).toEqual([]);
  if (process.env.SCREENS) {
    await page.screenshot({ path: '/tmp/search-light.png' });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.screenshot({ path: '/tmp/search-dark.png' });
    await page.setViewportSize({ width: NARROW.width ?? 0, height: NARROW.height ?? 0 });
    await page.screenshot({ path: '/tmp/search-narrow.png' });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
  }
  await page.getByRole('button', { name: 'With a link' }).click();
  await eventually(async () => (await hits.count()) === 1);
  await field.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/rooms/${other.id}?at=*`);
  await page.getByRole('log', { name: 'Messages' }).getByText('Königsberg').waitFor();
  await page.getByRole('button', { name: 'Back to results' }).waitFor();
  if (process.env.SCREENS) await page.screenshot({ path: '/tmp/search-opened.png' });
  await page.keyboard.press('Escape');
  await page.waitForURL('**/search?*');
  // as it was, and at the message that was opened
  await page.locator('a:focus').getByText('Königsberg').waitFor();
  expect(await field.inputValue()).toBe('bridge');
  expect(await page.getByRole('button', { name: 'With a link' }).getAttribute('aria-pressed')).toBe('true');

  await field.fill('nobody said this');
  await page.getByText('Nothing found').waitFor();
  await page.reload();
  await page.getByText('Nothing found').waitFor();
  await page.route('**/api/v1/search?*', (route) => route.abort());
  await field.fill('bridge of');
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor();
  await page.unroute('**/api/v1/search?*');
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await hits.first().waitFor();

  await page.getByRole('button', { name: 'With a link' }).click();
  await field.fill('');
  await page.getByRole('button', { name: 'bridge', exact: true }).waitFor();
  if (process.env.SCREENS) await page.screenshot({ path: '/tmp/search-begin.png' });
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByLabel('Username or email').waitFor();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('bridge');
});

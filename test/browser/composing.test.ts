import { eventually } from '@veche/testing';
import type { Locator, Page } from 'playwright-core';
import { devices, NARROW } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

/** Colours are fetched when the first code is seen, on a machine that others keep busy too. */
const COLOURED_MS = 60_000;

const field = (page: Page): Locator => page.getByRole('textbox', { name: /^Write to/ });
const list = (page: Page): Locator => page.getByRole('log', { name: 'Messages' });

test('a text is given its formats by keys and buttons, and can be undone', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const room = await anna.createRoom('private', [boris]);
  const device = await open();
  await device.logIn(anna);
  const { page } = device;
  const { keyboard } = page;
  await page.goto(`/rooms/${room.id}`);
  await field(page).click();

  await keyboard.type('plain ');
  await keyboard.press('Control+b');
  await keyboard.type('strong');
  await keyboard.press('End');
  await keyboard.type(' aslant');
  await keyboard.press('Control+Shift+ArrowLeft');
  await keyboard.press('Control+i');
  await keyboard.press('End');
  await keyboard.type(' gone');
  await keyboard.press('Control+Shift+ArrowLeft');
  await keyboard.press('Control+Shift+X');
  expect(await field(page).inputValue()).toBe('plain **strong** _aslant_ ~~gone~~');
  // a second time takes it away, and what was done can be undone
  await keyboard.press('Control+Shift+X');
  expect(await field(page).inputValue()).toBe('plain **strong** _aslant_ gone');
  await keyboard.press('Control+z');
  await eventually(async () => (await field(page).inputValue()) === 'plain **strong** _aslant_ ~~gone~~');

  const tools = page.getByRole('toolbar', { name: 'Formatting' });
  await keyboard.press('End');
  await keyboard.type(' here');
  await keyboard.press('Control+Shift+ArrowLeft');
  await keyboard.press('Control+k');
  await keyboard.type('https://example.org');
  expect(await field(page).inputValue()).toMatch(/ \[here\]\(https:\/\/example\.org\)$/);
  await keyboard.press('End');
  await tools.getByRole('button', { name: 'Mention someone' }).click();
  await keyboard.type(boris.username.slice(0, 7));
  await page.getByRole('option', { name: boris.username }).click();
  expect(await field(page).inputValue()).toContain(` @${boris.username} `);

  // without anything selected, the keys lead to another room
  await keyboard.press('Control+k');
  await page.getByRole('dialog').locator('input:focus').waitFor();
});

test('code has its language, its colours and a button that copies it; tables and things to do are seen as such', async () => {
  const anna = await Person.register(doors, 'anna');
  const room = await anna.createRoom('public');
  await anna.send(
    room.id,
    [
      '```ts\nconst beams = 2; // of oak\n```',
      '```nonsense\nas it is\n```',
      '| what | how many |\n|------|--------:|\n| beams | 2 |\n| nails | **40** |',
      '- [x] fetch the horses\n- [ ] bring the soup',
    ].join('\n\n'),
  );
  for (const view of [{}, { ...NARROW, scheme: 'dark', touch: true }] as const) {
    const device = await open(view);
    await device.logIn(anna);
    const { page } = device;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`/rooms/${room.id}`);
    const said = list(page).locator('article').last();
    // its script comes after everything else that a page wants at first
    await said.locator('pre [data-scope=keyword]').getByText('const').waitFor({ timeout: COLOURED_MS });
    await said.locator('pre [data-scope=comment]').getByText('// of oak').waitFor();
    expect(await said.locator('pre').first().textContent()).toBe('const beams = 2; // of oak');
    expect(await said.locator('pre').last().textContent()).toBe('as it is');
    expect(await said.locator('[data-language]').first().getAttribute('data-language')).toBe('ts');
    await said.getByRole('button', { name: 'Copy code' }).first().click();
    await said.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('const beams = 2; // of oak');
    expect(await said.getByRole('columnheader').allTextContents()).toEqual(['what', 'how many']);
    expect(await said.getByRole('cell').allTextContents()).toEqual(['beams', '2', 'nails', '40']);
    expect(await said.getByRole('listitem').allTextContents()).toEqual([
      '[x] fetch the horses',
      '[ ] bring the soup',
    ]);
    // its own font, whichever the system has
    await page.evaluate(() => document.fonts.ready);
    expect(await page.evaluate(() => document.fonts.check("13px 'JetBrains Mono Variable'"))).toBe(true);
    expect(await device.barriers()).toEqual([]);
  }
});

test('who came one after the other is one line, which says more when asked', async () => {
  const anna = await Person.register(doors, 'anna');
  const others = await Promise.all(Array.from({ length: 6 }, () => Person.register(doors, 'guest')));
  const room = await anna.createRoom('public', others);
  const device = await open({ width: 1900, height: 900 });
  await device.logIn(anna);
  const { page } = device;
  await page.goto(`/rooms/${room.id}`);
  const line = list(page).locator('p').filter({ hasText: 'invited' });
  await line.getByText('and 3 others').waitFor();
  expect(await line.count()).toBe(1);
  await line.getByRole('button', { name: 'Show all' }).click();
  for (const { user } of others) await line.getByText(user.displayName).waitFor();

  // however wide the screen is, a line can be read
  await field(page).fill('word '.repeat(200));
  await page.keyboard.press('Enter');
  const said = await list(page).locator('[data-said]').last().boundingBox();
  expect(said?.width).toBeLessThanOrEqual(46 * 16);
  expect(said?.width).toBeGreaterThan(44 * 16);
});

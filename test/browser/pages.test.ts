import { eventually, freePort } from '@veche/testing';
import type { Locator } from 'playwright-core';
import { type Device, devices, NARROW, type View } from '../harness/browser';
import { Link } from '../harness/link';
import { Person, sharedAdmin } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

/** Every page and window of who is logged in; each shows that it is there before it is looked at. */
const visitAll = async (
  device: Device,
  roomId: string,
  others: readonly [Person, Person],
  at: (what: string) => Promise<void>,
): Promise<void> => {
  const { page } = device;
  const level = (n: number) => page.getByRole('heading', { level: n });
  for (const path of ['/', '/browse', '/rooms/01890a5d-ac96-774b-bcce-b302099a8057', '/nowhere']) {
    await page.goto(path);
    await level(1).first().waitFor();
    await at(path);
  }
  for (const one of ['profile', 'password', 'sessions', 'preferences']) {
    await page.goto(`/settings/${one}`);
    await level(2).waitFor();
    await at(`/settings/${one}`);
  }
  await page.goto(`/rooms/${roomId}`);
  await page.locator('article').first().waitFor();
  await at('a room');
  const [members, actions] = [
    page.locator('main > header button').nth(-2),
    page.locator('main > header button').nth(-1),
  ];
  await members.click();
  await page.locator('aside li').first().waitFor();
  await at('its members');
  await page.keyboard.press('Escape');
  await actions.click();
  await page.getByRole('menu').waitFor();
  await at('its menu');
  for (const item of [0, 1, 2, 3]) {
    if (item > 0) await actions.click();
    await page.getByRole('menuitem').nth(item).click();
    const dialog = page.locator('[role=dialog], [role=alertdialog]').last();
    await dialog.getByRole('heading').waitFor();
    await at(`its window ${item}`);
    await page.keyboard.press('Escape');
    if (item === 0) await page.keyboard.press('Escape');
    await page.locator('[role=dialog], [role=alertdialog]').waitFor({ state: 'detached' });
  }
  await page.keyboard.press('Control+k');
  await page.getByRole('option').first().waitFor();
  await at('the switcher');
  await page.goto('/');
  await page.locator('button[aria-haspopup]').first().click();
  await page.getByRole('menuitem').first().click();
  const people = page.getByRole('dialog').getByRole('searchbox');
  await people.fill(others[0].username);
  await page.getByRole('option', { name: others[0].username }).click();
  await page.getByRole('row', { name: others[0].username }).waitFor();
  await people.fill(others[1].username);
  await page.getByRole('option', { name: others[1].username }).waitFor();
  await at('the window for a new room');
};

test.each<[string, View]>([
  ['light, English', {}],
  ['dark, Russian', { scheme: 'dark', language: 'ru' }],
  ['a phone, dark, English', { ...NARROW, scheme: 'dark' }],
  ['a phone, light, Russian', { ...NARROW, language: 'ru' }],
])('no page keeps anybody out: %s', async (_name, view) => {
  const person = await Person.register(doors);
  const others = [await Person.register(doors), await Person.register(doors)] as const;
  const [other] = others;
  const room = await person.createRoom('public', [other]);
  await other.send(room.id, 'a **word**, `code`, a list:\n\n- one\n\n```\nand a block\n```\n> said before');
  await person.send(room.id, 'an answer, see https://example.org');
  const device = await open(view);
  await device.logIn(person);
  await visitAll(device, room.id, others, async (what) => {
    expect([what, await device.barriers()]).toEqual([what, []]);
    const overflow = await device.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect([what, overflow]).toEqual([what, 0]);
  });
});

test('it speaks the language of the browser, and the one that is chosen, after a reload too', async () => {
  const person = await Person.register(doors);
  const device = await open({ language: 'ru' });
  await device.logIn(person);
  const { page } = device;
  await page.getByText(`Добро пожаловать, ${person.username}`).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('ru');
  await page.goto('/settings/preferences');
  await page.getByText('English').click();
  await page.getByRole('heading', { name: 'Preferences' }).waitFor();
  await page.getByText('Dark', { exact: true }).click();
  await page.reload();
  await page.getByRole('heading', { name: 'Preferences' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
});

/** What is fetched of the client by this device, by the names that its files have. */
const watchParts = ({ page }: Device) => {
  const has = new Set<string>();
  const underWay = new Set<string>();
  page.on('request', (request) => underWay.add(request.url()));
  page.on('requestfinished', (request) => underWay.delete(request.url()));
  page.on('requestfailed', (request) => underWay.delete(request.url()));
  page.on('response', (response) => has.add(/\/assets\/(.+)-.{8}\.js$/.exec(response.url())?.[1] ?? ''));
  const all = (names: readonly string[]): Promise<unknown> =>
    eventually(() => names.every((name) => has.has(name)) && underWay.size === 0);
  return { all, has };
};

test('what was never opened is there without a connection too', async () => {
  const person = await Person.register(doors);
  const device = await open();
  const parts = watchParts(device);
  await device.logIn(person);
  const pages = ['browse', 'room-page', 'settings', 'profile', 'password', 'sessions', 'preferences'];
  const windows = ['new-room', 'new-conversation', 'switcher', 'invite', 'edit-room', 'sure'];
  await parts.all([...pages, ...windows, 'ru']);
  expect(parts.has).not.toContain('administration');
  const { page } = device;
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Browse rooms' }).first().click();
  await page.getByRole('heading', { name: 'Browse rooms', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'New room or conversation' }).click();
  await page.getByRole('menuitem', { name: 'New room' }).click();
  await page.getByRole('dialog', { name: 'New room' }).getByLabel('Name').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Go to a room or person' }).locator('input:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  for (const name of ['Profile', 'Password', 'Sessions', 'Preferences']) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name, level: 2 }).waitFor();
  }
  await page.getByText('Русский').click();
  await page.getByRole('heading', { name: 'Параметры', level: 2 }).waitFor();
  expectNoWorse(device);
});

test('what only admins see is fetched ahead too, by them alone', async () => {
  const device = await open();
  const parts = watchParts(device);
  await device.logIn(await sharedAdmin(doors));
  await parts.all(['administration', 'admin.module', 'ru']);
  const { page } = device;
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Administration' }).click();
  await page.getByRole('heading', { name: 'Administration', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Rooms', exact: true }).click();
  await page.waitForURL('**/admin/rooms');
  expectNoWorse(device);
});

test('a style that was lost on the way comes when the connection does', async () => {
  const person = await Person.register(doors);
  const [port] = doors.gateways.map((gateway) => Number(new URL(gateway).port));
  const link = await Link.open('the way of one', await freePort(), [port!]);
  const device = await open({ gateway: `http://127.0.0.1:${link.port}` });
  const { page } = device;
  const parts = watchParts(device);
  const displayOf = (what: Locator): Promise<string> => what.evaluate((it) => getComputedStyle(it).display);
  try {
    await page.route('**/assets/dialog-*.css', (route) => route.abort());
    await device.logIn(person);
    await parts.all(['new-room', 'ru']);
    await page.getByRole('button', { name: 'New room or conversation' }).click();
    await page.getByRole('menuitem', { name: 'New room' }).click();
    const dialog = page.getByRole('dialog', { name: 'New room' });
    expect(await displayOf(dialog)).toBe('block');
    link.cut();
    await page.getByText('Connection lost. Reconnecting').waitFor();
    await page.unroute('**/assets/dialog-*.css');
    link.mend();
    await eventually(async () => (await displayOf(dialog)) === 'flex');
    expectNoWorse(device);
  } finally {
    link.close();
  }
});

/** A browser tells of every request that has no network; nothing else is to go wrong without one. */
const expectNoWorse = ({ problems }: Device): void => {
  expect(problems.filter((problem) => !/WebSocket|ERR_/.test(problem))).toEqual([]);
  problems.length = 0;
};

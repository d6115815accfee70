import { eventually } from '@veche/testing';
import type { Page } from 'playwright-core';
import { devices } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors, Veche } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

/** A global that throws as soon as anybody looks at it, as browsers do with what is blocked. */
const REFUSED = (name: string): string =>
  `Object.defineProperty(window, '${name}', { get: () => { throw new DOMException('blocked', 'SecurityError') } });`;
/** A global that is there and throws when it is used. */
const THROWS = (path: string): string => `${path} = function () { throw new RangeError('Internal error') };`;
const GONE = (name: string): string => `delete window.${name};`;
const HAS_NO = (name: string): string =>
  `Object.defineProperty(Navigator.prototype, '${name}', { get: () => undefined });`;
const SPEAKS = (...tags: string[]): string => `
  Object.defineProperty(Navigator.prototype, 'languages', { get: () => ${JSON.stringify(tags)} });
  Object.defineProperty(Navigator.prototype, 'language', { get: () => ${JSON.stringify(tags[0])} });`;
const NO_COOKIES = `Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false });`;
const BLOCKED = [
  ...['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'BroadcastChannel'].map(REFUSED),
  `LockManager.prototype.request = () => Promise.reject(new DOMException('blocked', 'SecurityError'));`,
  NO_COOKIES,
].join('\n');

const LACKING: Record<string, string> = {
  'storage is refused': REFUSED('localStorage') + REFUSED('sessionStorage'),
  'storage is full': THROWS('Storage.prototype.setItem'),
  'storage is broken': ['getItem', 'setItem', 'removeItem']
    .map((f) => THROWS(`Storage.prototype.${f}`))
    .join(''),
  'what was chosen is no choice': `localStorage.setItem('veche.preferences', '{"theme":7,"language":[],"notifications":"x"}');`,
  'the database is refused': REFUSED('indexedDB'),
  'the database does not open': THROWS('IDBFactory.prototype.open'),
  'the database never answers': 'IDBFactory.prototype.open = () => new EventTarget();',
  'there is no way to other tabs': GONE('BroadcastChannel'),
  'there are no locks': HAS_NO('locks'),
  'locks are refused': `LockManager.prototype.request = () => Promise.reject(new DOMException('', 'SecurityError'));`,
  'there are no notifications': GONE('Notification'),
  'notifications are refused': `localStorage.setItem('veche.preferences', '{"notifications":true}'); ${REFUSED('Notification')}`,
  'pages may not notify': `
    localStorage.setItem('veche.preferences', '{"notifications":true}');
    window.Notification = class { static permission = 'granted'; constructor() { throw new TypeError('Illegal'); } };`,
  'there is no clipboard': HAS_NO('clipboard'),
  'there are no random names': `delete Crypto.prototype.randomUUID; delete Crypto.prototype.subtle;`,
  'the locale is the system’s': SPEAKS('en-US@posix'),
  'the locale is that of C': SPEAKS('C'),
  'no language is known': SPEAKS(),
  'Intl has no segments, lists and distances': `delete Intl.Segmenter; delete Intl.ListFormat; delete Intl.RelativeTimeFormat;`,
  'Intl has no data': ['DateTimeFormat', 'NumberFormat', 'PluralRules', 'ListFormat', 'Segmenter']
    .map((part) => THROWS(`Intl.${part}`))
    .join(''),
  'the browser is never idle': GONE('requestIdleCallback'),
  'all site data is blocked': BLOCKED,
};

/** What somebody has come for. */
const talk = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: /^Write to/ }).fill(text);
  await page.keyboard.press('Enter');
  await page.getByText('Sent', { exact: true }).waitFor({ state: 'attached' });
  await page.getByRole('log', { name: 'Messages' }).getByText(text, { exact: true }).waitFor();
};

test.each(Object.entries(LACKING))('where %s one talks all the same', async (_name, lacking) => {
  const [person, other] = [await Person.register(doors), await Person.register(doors)];
  const room = await person.createRoom('public', [other]);
  await other.send(room.id, 'are you there?');
  const device = await open();
  const { page } = device;
  await page.addInitScript(lacking);
  await device.logIn(person);
  await page.getByRole('link', { name: room.name }).click();
  await talk(page, 'I am');
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Preferences' }).click();
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
  await other.send(room.id, 'good');
  await page
    .getByRole('link', { name: room.name })
    .getByText('1 unread message')
    .waitFor({ state: 'attached' });
  await eventually(async () => (await page.title()).startsWith('• '));
});

describe('who takes no cookies', () => {
  let veche: Veche;
  beforeAll(async () => {
    veche = await Veche.start(doors.shape, { env: { ACCESS_TOKEN_TTL: '6' } });
  });
  afterAll(() => veche.destroy());
  const openThere = devices(() => veche.doors);

  test('is told what that means, and stays logged in for as long as the tab is open', async () => {
    const person = await Person.register(veche.doors);
    const room = await person.createRoom('public');
    const device = await openThere();
    const { page } = device;
    await page.addInitScript(BLOCKED);
    const renewals: number[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('/auth/refresh')) renewals.push(response.status());
    });
    await page.goto('/login');
    await page.getByText('This browser does not keep cookies for this page.').waitFor();
    await device.logIn(person);
    await page.getByRole('link', { name: room.name }).click();
    await eventually(() => Promise.resolve(renewals.length >= 2));
    await talk(page, 'still here');
    expect(new Set(renewals)).toEqual(new Set([200]));
  });
});

const BROKEN: Record<string, string> = {
  'nothing random': THROWS('crypto.getRandomValues') + 'delete window.indexedDB; delete window.Map;',
  'no languages at all': GONE('Intl'),
  'no requests': GONE('fetch') + GONE('URLSearchParams'),
};

test.each(Object.entries(BROKEN))(
  'where there is %s the page says that it cannot start',
  async (_name, broken) => {
    const device = await open();
    await device.page.addInitScript(broken);
    await device.page.goto('/login');
    await device.page.getByText('Veche cannot start here').waitFor();
    const why = device.page.locator('#broken pre');
    expect(await why.textContent()).toMatch(/\w/);
    // and not below what is empty
    const box = await why.boundingBox();
    expect(box && box.y + box.height).toBeLessThan(device.page.viewportSize()?.height ?? 0);
    device.problems.length = 0;
  },
);

test('a page whose script does not come says so, and one that has come never does', async () => {
  const device = await open();
  const { page } = device;
  await page.route('**/assets/index-*.js', (route) => route.abort());
  await page.goto('/login');
  await page.getByText('Veche cannot start here').waitFor();
  await page.unroute('**/assets/index-*.js');
  await page.goto('/login');
  await page.locator('form').waitFor();
  await page.evaluate(() => void Promise.reject(new Error('something that the page lives with')));
  expect(await page.getByText('Veche cannot start here').isVisible()).toBe(false);
  device.problems.length = 0;
});

import { SCOPES } from '@veche/access';
import { eventually } from '@veche/testing';
import type { Locator, Page } from 'playwright-core';
import { type Device, devices, NARROW } from '../harness/browser';
import { Person } from '../harness/people';
import { Rest } from '../harness/rest';
import { shapeOfRun, Veche } from '../harness/veche';

// a server of its own: what is said where there are no keys is seen on a new one alone
let veche: Veche;
let admin: Person, person: Person;
beforeAll(async () => {
  veche = await Veche.start(shapeOfRun());
  admin = await Person.register(veche.doors, 'admin');
  person = await Person.register(veche.doors);
});
afterAll(() => veche.destroy(), 30_000);
const open = devices(() => veche.doors);

/** What a program is answered that shows this secret, at each gateway. */
const answers = (secret: string): Promise<(string | number)[]> =>
  Promise.all(
    veche.doors.gateways.map((at) =>
      new Rest(at, secret).get(`/users/${person.id}`).then(
        () => 'ok',
        (error: { status: number }) => error.status,
      ),
    ),
  );
const all = (answer: string | number): (string | number)[] => veche.doors.gateways.map(() => answer);

const enter = async (view?: Parameters<typeof open>[0]): Promise<Device> => {
  const device = await open(view);
  await device.logIn(admin);
  await device.page.goto('/admin/api-keys');
  return device;
};
const line = (page: Page, name: string): Locator =>
  page.getByRole('main').getByRole('listitem').filter({ hasText: name });
const isFocused = (element: Locator): Promise<boolean> =>
  element.evaluate((one) => one === document.activeElement);

const make = async (page: Page, name: string): Promise<string> => {
  await page.getByRole('button', { name: 'New API key' }).click();
  const form = page.getByRole('dialog', { name: 'New API key' });
  await form.getByRole('textbox', { name: 'Name' }).fill(name);
  await form.getByRole('checkbox', { name: /^Read profiles/ }).check({ force: true });
  await form.getByRole('button', { name: 'Create key' }).click();
  return secretOf(page);
};
const secretOf = (page: Page): Promise<string> => page.getByLabel('Secret', { exact: true }).inputValue();

/** Whether a secret is to be found anywhere in the page, its fields and what it keeps. */
const isKept = (page: Page, secret: string): Promise<boolean> =>
  page.evaluate(
    (text) =>
      [
        document.documentElement.outerHTML,
        JSON.stringify({ ...localStorage }),
        JSON.stringify({ ...sessionStorage }),
        ...[...document.querySelectorAll('input, textarea')].map(
          (field) => (field as HTMLInputElement).value,
        ),
      ].some((place) => place.includes(text)),
    secret,
  );

test('where there are no keys it is said what they are for, and where it is read how', async () => {
  const { page } = await enter();
  await page.getByRole('heading', { name: 'No API keys yet' }).waitFor();
  const docs = page.getByRole('link', { name: 'API documentation' });
  expect((await page.request.get((await docs.getAttribute('href')) ?? '')).status()).toBe(200);
});

test('the keys are there for admins alone', async () => {
  const device = await open();
  await device.logIn(person);
  await device.page.goto('/admin/api-keys');
  await device.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
});

test('a key that is made in the page works, until it is revoked there', async () => {
  const { page } = await enter();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const secret = await make(page, 'Shop');
  expect(await answers(secret)).toEqual(all('ok'));

  const shown = page.getByRole('alertdialog', { name: 'Secret of Shop' });
  await shown.getByText('It is never shown again.').waitFor();
  await shown.getByRole('button', { name: 'Copy' }).click();
  await shown.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  expect(await isKept(page, secret)).toBe(true);
  // a click beside it does not lose it
  await page.mouse.click(5, 5);
  await shown.getByRole('button', { name: 'Done' }).click();
  await shown.waitFor({ state: 'detached' });
  expect(await isKept(page, secret)).toBe(false);

  const key = line(page, 'Shop');
  await key.getByText(`${secret.slice(0, 9)}…`).waitFor();
  await key.getByText('Read profiles', { exact: true }).waitFor();
  await page.reload();
  await key.getByText(/Last used/).waitFor();
  await key.getByRole('button', { name: 'Actions for Shop' }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).click();
  const sure = page.getByRole('alertdialog', { name: 'Revoke Shop?' });
  await sure.getByRole('button', { name: 'Cancel' }).click();
  expect(await answers(secret)).toEqual(all('ok'));
  await key.getByRole('button', { name: 'Actions for Shop' }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).click();
  await sure.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Shop no longer works').waitFor();
  await key.waitFor({ state: 'detached' });
  await eventually(async () => (await answers(secret)).every((answer) => answer === 401));
});

test('a key is made for what it is for, and it is said what is missing', async () => {
  const { page } = await enter();
  await page.getByRole('button', { name: 'New API key' }).click();
  const form = page.getByRole('dialog', { name: 'New API key' });
  // every scope that the server knows is offered
  expect(await form.getByRole('checkbox').count()).toBe(Object.keys(SCOPES).length);
  const create = form.getByRole('button', { name: 'Create key' });
  await create.click();
  await form.getByText('Fill this in').waitFor();
  await form.getByText('Choose at least one').waitFor();
  await form.getByRole('textbox', { name: 'Name' }).fill('Everything');
  for (const box of await form.getByRole('checkbox').all()) await box.check({ force: true });
  await form.getByRole('radio', { name: 'In 30 days' }).check({ force: true });
  await create.click();
  await page.getByRole('button', { name: 'Done' }).click();
  await line(page, 'Everything').getByText('Expires on').waitFor();
  const { items } = await admin.rest.get<{ items: { name: string; scopes: string[]; expiresAt: string }[] }>(
    '/admin/api-keys',
  );
  const made = items.find(({ name }) => name === 'Everything');
  expect(new Set(made?.scopes)).toEqual(new Set(Object.keys(SCOPES)));
  expect(Math.round((Date.parse(made?.expiresAt ?? '') - Date.now()) / 86_400_000)).toBe(30);
});

test('a key gets a new secret, and it is said how long the old one works', async () => {
  const { page } = await enter();
  const first = await make(page, 'Rotated');
  await page.keyboard.press('Escape');
  const key = line(page, 'Rotated');
  const rotate = async (overlap: string): Promise<string> => {
    await key.getByRole('button', { name: 'Actions for Rotated' }).click();
    await page.getByRole('menuitem', { name: 'New secret' }).click();
    const form = page.getByRole('dialog', { name: 'New secret for Rotated' });
    await form.getByRole('radio', { name: overlap }).check({ force: true });
    await form.getByRole('button', { name: 'Create secret' }).click();
    return secretOf(page);
  };
  const shown = page.getByRole('alertdialog', { name: 'Secret of Rotated' });

  const second = await rotate('7 days');
  await shown.getByText('The old secret works until').waitFor();
  expect([await answers(first), await answers(second)]).toEqual([all('ok'), all('ok')]);
  await shown.getByRole('button', { name: 'Done' }).click();
  await key.getByText('The old secret works until').waitFor();

  const third = await rotate('Not at all');
  await shown.getByText('The old secret no longer works.').waitFor();
  await shown.getByRole('button', { name: 'Done' }).click();
  expect(await isKept(page, third)).toBe(false);
  await eventually(async () => (await answers(second)).every((answer) => answer === 401));
  expect(await answers(third)).toEqual(all('ok'));
  await key.getByText('The old secret works until').waitFor({ state: 'detached' });
});

test('a key that has expired is marked, and gets no secret that would not work', async () => {
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const { secret } = await admin.rest.post<{ secret: string }>('/admin/api-keys', {
    name: 'Over',
    scopes: ['users.read'],
    expiresAt,
  });
  await eventually(async () => (await answers(secret)).every((answer) => answer === 401));
  const { page } = await enter();
  const key = line(page, 'Over');
  await key.getByText('Expired', { exact: true }).waitFor();
  await key.getByRole('button', { name: 'Actions for Over' }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).waitFor();
  expect(await page.getByRole('menuitem').count()).toBe(1);
});

test('a key is made and rotated with the keyboard alone', async () => {
  const { page } = await enter();
  const button = page.getByRole('button', { name: 'New API key' });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('By hand');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  const secret = page.getByLabel('Secret', { exact: true });
  // it is chosen, so that the browser's own key copies it
  await eventually(() => isFocused(secret));
  expect(await secret.evaluate((one: HTMLTextAreaElement) => one.selectionEnd - one.selectionStart)).toBe(53);
  await page.keyboard.press('Escape');
  await eventually(() => isFocused(button));

  const actions = page.getByRole('button', { name: 'Actions for By hand' });
  await actions.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('Enter');
  const day = page.getByRole('dialog').getByRole('radio', { name: '1 day' });
  await day.waitFor();
  for (let i = 0; i < 2; i++) await page.keyboard.press('Tab');
  expect(await isFocused(day)).toBe(true);
  await page.keyboard.press('Enter');
  await eventually(() => isFocused(secret));
  await page.keyboard.press('Escape');
  await eventually(() => isFocused(actions));
});

test('where there is no clipboard the secret is there to be chosen', async () => {
  const device = await open();
  await device.page.addInitScript(
    'Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined })',
  );
  await device.logIn(admin);
  await device.page.goto('/admin/api-keys');
  expect(await make(device.page, 'Unsafe')).toMatch(/^vk_/);
  expect(await device.page.getByRole('button', { name: 'Copy' }).count()).toBe(0);
});

test.each([
  ['light', 'en', {}],
  ['dark', 'ru', {}],
  ['light', 'ru', NARROW],
  ['dark', 'en', NARROW],
] as const)('keys keep nobody out: %s, %s, %j', async (scheme, language, size) => {
  await admin.rest.post('/admin/api-keys', {
    name: 'A shop with a rather long name, in production and elsewhere',
    scopes: Object.keys(SCOPES),
  });
  const device = await enter({ scheme, language, ...size });
  const { page } = device;
  const isFit = async (): Promise<void> => {
    expect(await device.barriers()).toEqual([]);
    // nothing hangs out at the side
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  };
  await line(page, 'A shop').first().waitFor();
  await page.getByRole('heading', { name: { en: 'API keys', ru: 'Ключи API' }[language] }).waitFor();
  await isFit();
  await page.getByRole('main').getByRole('button').first().click();
  await page.getByRole('checkbox').first().check({ force: true });
  await isFit();
  await page.getByRole('textbox').fill('Seen');
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog').waitFor();
  await isFit();
  await page.keyboard.press('Escape');
  await line(page, 'Seen').first().getByRole('button').click();
  await page.getByRole('menuitem').first().click();
  await page.getByRole('radio').first().waitFor();
  await isFit();
});

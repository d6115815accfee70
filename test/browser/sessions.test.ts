import { devices } from '../harness/browser';
import { Person } from '../harness/people';
import { Rest } from '../harness/rest';
import { sharedDoors, Veche } from '../harness/veche';
import type { Problem } from '../harness/wire';

const doors = sharedDoors();
const open = devices(() => doors);

test('a session that is ended elsewhere logs out here, in all tabs', async () => {
  const person = await Person.register(doors);
  const [here, elsewhere] = [await open(), await open()];
  await here.logIn(person);
  const second = await here.tab('/settings/profile');
  await second.getByRole('heading', { name: 'Profile' }).waitFor();
  await elsewhere.logIn(person);
  await elsewhere.page.goto('/settings/sessions');
  await elsewhere.page.getByText('This session').waitFor();
  await elsewhere.page.getByRole('button', { name: 'End all other sessions' }).click();
  for (const page of [here.page, second]) {
    await page.waitForURL('**/login*');
    await page.getByText('This session was ended').waitFor();
  }
  await elsewhere.page.getByText('All other sessions have ended').waitFor();
  await elsewhere.page.reload();
  await elsewhere.page.getByText('This session').waitFor();
});

test('who logs in or out in one tab does so in the others', async () => {
  const person = await Person.register(doors);
  const device = await open();
  await device.page.goto('/login');
  const second = await device.tab('/login');
  await second.locator('form').waitFor();
  await device.logIn(person);
  await second.waitForURL((url) => url.pathname === '/');
  await second.getByRole('button', { name: 'Your account' }).click();
  await second.getByRole('menuitem', { name: 'Log out' }).click();
  await device.page.waitForURL('**/login*');
});

test('who logs out without a connection is told that it did not work, and is still here', async () => {
  const person = await Person.register(doors);
  const device = await open();
  await device.logIn(person);
  const { page } = device;
  const account = page.getByRole('button', { name: 'Your account' });
  await account.waitFor();
  // what may be opened comes by itself, at a moment that nobody sees; this way it is certainly here
  await account.click();
  await page.getByRole('menuitem', { name: 'Log out' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menuitem', { name: 'Log out' }).waitFor({ state: 'detached' });
  await page.context().setOffline(true);
  await account.click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByText('Can’t reach the server').waitFor();
  await page.context().setOffline(false);
  await page.reload();
  await account.click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.waitForURL('**/login*');
});

test('the tokens are out of the reach of scripts: in no storage, and in no cookie that they can read', async () => {
  const person = await Person.register(doors);
  const device = await open();
  await device.logIn(person);
  await device.page.reload();
  await device.page.getByRole('button', { name: 'Your account' }).waitFor();
  const kept = await device.page.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      await indexedDB.databases(),
    ]),
  );
  expect(kept).not.toMatch(/eyJ/);
  expect(kept).not.toMatch(/[\w-]{40}/);
});

test('who is at two installations on one host stays logged in to both', async () => {
  const other = await Veche.start('embedded');
  try {
    const [here, there] = [await Person.register(doors), await Person.register(other.doors)];
    const device = await open();
    await device.logIn(here);
    const second = await device.tab(`${other.doors.gateways[0]}/login`);
    await second.locator('input[name=login]').fill(there.username);
    await second.locator('input[name=password]').fill(there.password);
    await second.locator('form button[type=submit]').click();
    for (const page of [device.page, second, device.page, second]) {
      await page.getByRole('button', { name: 'Your account' }).waitFor();
      await page.reload();
    }
    await second.getByRole('button', { name: 'Your account' }).click();
    await second.getByRole('menuitem', { name: 'Log out' }).click();
    await second.waitForURL('**/login*');
    await device.page.reload();
    await device.page.getByRole('button', { name: 'Your account' }).waitFor();
  } finally {
    await other.destroy();
  }
});

test('whoever takes the refresh cookie elsewhere gets nothing for it, and the page goes on', async () => {
  const person = await Person.register(doors);
  const device = await open();
  await device.logIn(person);
  const [gateway = ''] = doors.gateways;
  const stolen = (await device.page.context().cookies(`${gateway}/api/v1/auth/refresh`))
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
  expect(stolen).not.toBe('');
  const answer = await new Rest(gateway).request<Problem>('POST', '/auth/refresh', {
    headers: { cookie: stolen },
  });
  expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_proof' } });
  // nor can a script in the page take the key along
  const exported = await device.page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('veche device');
      request.onsuccess = () => resolve(request.result);
    });
    const pair = await new Promise<CryptoKeyPair>((resolve) => {
      const request = database.transaction('keys').objectStore('keys').get('sessions');
      request.onsuccess = () => resolve(request.result as CryptoKeyPair);
    });
    return crypto.subtle.exportKey('pkcs8', pair.privateKey).then(
      () => 'exported',
      (error: Error) => error.name,
    );
  });
  expect(exported).toBe('InvalidAccessError');
  await device.page.reload();
  await device.page.getByRole('button', { name: 'Your account' }).waitFor();
});

test('a password is changed, and the page goes on with new tokens', async () => {
  const person = await Person.register(doors);
  const device = await open();
  await device.logIn(person);
  const { page } = device;
  await page.goto('/settings/password');
  await page.getByLabel('Current password').fill(person.password);
  await page.getByLabel('New password').fill(`${person.password} anew`);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Password changed').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Your account' }).waitFor();
});

describe('where tokens live for seconds', () => {
  let veche: Veche;
  beforeAll(async () => {
    veche = await Veche.start(doors.shape, { env: { ACCESS_TOKEN_TTL: '6' } });
  });
  afterAll(() => veche.destroy());
  const openThere = devices(() => veche.doors);

  test('two tabs renew, none more often than it needs, and go on talking', async () => {
    const person = await Person.register(veche.doors);
    const room = await person.createRoom('public');
    const device = await openThere();
    await device.logIn(person);
    await device.page.goto(`/rooms/${room.id}`);
    const second = await device.tab(`/rooms/${room.id}`);
    const tabs = [device.page, second];
    const renewals: number[] = [];
    for (const page of tabs)
      page.on('response', (response) => {
        if (response.url().endsWith('/auth/refresh')) renewals.push(response.status());
      });
    const seconds = 15;
    const until = Date.now() + seconds * 1000;
    for (let i = 0; Date.now() < until; i++) {
      const writer = tabs[i % 2]!;
      await writer.getByRole('textbox', { name: /^Write to/ }).fill(`still here ${i}`);
      await writer.keyboard.press('Enter');
      for (const page of tabs)
        await page
          .getByRole('log', { name: 'Messages' })
          .getByText(`still here ${i}`, { exact: true })
          .waitFor();
    }
    expect(renewals.length).toBeGreaterThan(1);
    expect(new Set(renewals)).toEqual(new Set([200]));
    // a token is renewed after four seconds and a half, by one tab for both where they ask at once; tabs that were
    // opened seconds apart ask seconds apart, and none more often than its token needs
    expect(renewals.length).toBeLessThan(2 * (seconds / 4.5) + 2);
  });
});

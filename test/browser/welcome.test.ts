import { devices, NARROW } from '../harness/browser';
import { PASSWORD_MARK, Person, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

test('somebody creates an account, logs out and logs in again', async () => {
  const { page } = await open();
  const username = unique('newcomer');
  await page.goto('/');
  await page.getByRole('link', { name: 'Create account' }).click();
  // exactly these: the page before, which stays until this one is loaded, has one for `Username or email`
  await page.getByLabel('Username', { exact: true }).fill(username);
  await page.getByLabel('Email', { exact: true }).fill(`${username}@example.org`);
  await page.getByLabel('Password', { exact: true }).fill(`${PASSWORD_MARK} newcomer`);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText(`Welcome, ${username}`).waitFor();

  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByLabel('Username or email').fill(username.toUpperCase());
  await page.getByLabel('Password', { exact: true }).fill(`${PASSWORD_MARK} newcomer`);
  await page.keyboard.press('Enter');
  await page.getByText(`Welcome, ${username}`).waitFor();
});

test('on a phone, too, one sees first what to do first', async () => {
  const person = await Person.register(doors);
  const device = await open(NARROW);
  await device.logIn(person);
  const { page } = device;
  await page.getByText(`Welcome, ${person.username}`).waitFor();
  await page.getByRole('button', { name: 'New room', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(unique('first'));
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: /^Write to first/ }).fill('Is anybody here?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('log', { name: 'Messages' }).getByText('Is anybody here?').waitFor();
});

test('a wrong password is told, and a right one leads to where one wanted to go', async () => {
  const person = await Person.register(doors);
  const { page } = await open();
  await page.goto('/browse');
  await page.getByLabel('Username or email').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(`${PASSWORD_MARK} wrong`);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('Wrong name or password.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/browse');
});

const ELSEWHERE = [
  'http://evil.example/',
  'https:evil.example',
  '//evil.example/',
  '/\\evil.example/',
  '\\\\evil.example/',
  '/\t/evil.example/',
  '/.//evil.example/',
  '/a/..//evil.example/',
  'javascript:location="http://evil.example/"',
  'data:text/html,<script>location="http://evil.example/"</script>',
];

test('a link to the door leads to nowhere but our pages, before and after one is in', async () => {
  const person = await Person.register(doors);
  const device = await open();
  const { page } = device;
  const left: string[] = [];
  await page.context().route(
    (url) => url.hostname === 'evil.example',
    async (route) => {
      left.push(route.request().url());
      await route.fulfill({ body: 'elsewhere' });
    },
  );
  const [first, ...others] = ELSEWHERE.map((way) => `then=${encodeURIComponent(way)}`);
  const ways = [
    ...others,
    'then=//evil.example/',
    `then=${encodeURIComponent(encodeURIComponent('//evil.example/'))}`,
    `then=${encodeURIComponent(JSON.stringify('//evil.example/'))}`,
    `then=/browse&then=${encodeURIComponent('//evil.example/')}`,
  ];
  await page.goto(`/login?${first}`);
  await device.logIn(person);
  await page.getByRole('button', { name: 'Your account' }).waitFor();
  for (const way of ways) {
    await page.goto(`/login?${way}`);
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
    await page.getByRole('button', { name: 'Your account' }).waitFor();
    expect([way, new URL(page.url()).host]).toEqual([way, new URL(doors.gateways[0]!).host]);
  }
  expect(left).toEqual([]);
  await page.goto(`/login?then=${encodeURIComponent('/settings/sessions')}`);
  await page.waitForURL('**/settings/sessions');
});

test('who creates an account, and who changes their mind about it, comes to where the link led', async () => {
  const host = await Person.register(doors);
  const room = await host.createRoom('public');
  const { page } = await open();
  await page.goto(`/rooms/${room.id}?at=1`);
  for (const name of ['Create account', 'Log in', 'Create account'])
    await page.getByRole('link', { name, exact: true }).click();
  const username = unique('invited');
  await page.getByLabel('Username', { exact: true }).fill(username);
  await page.getByLabel('Email', { exact: true }).fill(`${username}@example.org`);
  await page.getByLabel('Password', { exact: true }).fill(`${PASSWORD_MARK} invited`);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('textbox', { name: `Write to ${room.name}` }).waitFor();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`/rooms/${room.id}?at=1`);
});

/** What may be waited for, in bytes of script as it comes over the wire (Brotli): to log in, and until a first room is there. */
const LOG_IN_BYTES = 175_000;
const FIRST_ROOM_BYTES = 275_000;

test('who comes for the first time waits for little script', async () => {
  const person = await Person.register(doors);
  const room = await person.createRoom('public');
  await person.send(room.id, 'a **word** to read');
  const device = await open();
  // nothing is fetched ahead then: what comes is what somebody waits for
  await device.page.addInitScript(() =>
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } }),
  );
  const scripts = new Map<string, Promise<number>>();
  device.page.on('requestfinished', (request) => {
    if (request.resourceType() !== 'script' && !request.url().endsWith('.js')) return;
    // again, it comes from the browser's cache
    if (scripts.has(request.url())) return;
    scripts.set(
      request.url(),
      request.sizes().then(({ responseBodySize }) => responseBodySize),
    );
  });
  const bytes = async (): Promise<number> => {
    await device.page.waitForLoadState('networkidle');
    return (await Promise.all(scripts.values())).reduce((sum, size) => sum + size, 0);
  };
  await device.page.goto('/login');
  await device.page.locator('form').waitFor();
  const toLogIn = await bytes();
  expect(toLogIn).toBeGreaterThan(100_000);
  expect(toLogIn).toBeLessThanOrEqual(LOG_IN_BYTES);
  await device.logIn(person);
  await device.page.getByRole('link', { name: room.name }).click();
  await device.page.getByText('word', { exact: true }).waitFor();
  expect(await bytes()).toBeLessThanOrEqual(FIRST_ROOM_BYTES);
});

test.each([
  ['light', 'en', {}],
  ['dark', 'ru', NARROW],
] as const)('the first pages keep nobody out: %s, %s', async (scheme, language, size) => {
  const device = await open({ scheme, language, ...size });
  for (const path of ['/login', '/register']) {
    await device.page.goto(path);
    await device.page.locator('form').waitFor();
    expect(await device.barriers()).toEqual([]);
  }
});

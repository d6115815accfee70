import { eventually } from '@veche/testing';
import { devices, NARROW } from '../harness/browser';
import { PASSWORD_MARK, Person, sharedAdmin, unique } from '../harness/people';
import { sharedDoors, shapeOfRun, Veche } from '../harness/veche';

const doors = sharedDoors();

describe('a new server', () => {
  let veche: Veche;
  beforeAll(async () => {
    veche = await Veche.start(shapeOfRun());
  });
  afterAll(() => veche.destroy(), 30_000);
  const open = devices(() => veche.doors);

  test('makes its first account the admin, who disables another, whose page says why it logs out', async () => {
    const [first, second] = [await open(), await open()];
    const register = async ({ page }: typeof first, username: string): Promise<void> => {
      await page.goto('/register');
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('Email').fill(`${username}@example.org`);
      await page.getByLabel('Password', { exact: true }).fill(`${PASSWORD_MARK} ${username}`);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByText(`Welcome, ${username}`).waitFor();
    };
    await register(first, 'anna');
    await register(second, 'boris');

    const { page } = first;
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'Administration' }).click();
    await page.getByRole('button', { name: 'Actions for boris' }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Disable boris?' });
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('boris is logged out and cannot log in').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'boris' }).getByText('Disabled').waitFor();

    await second.page.waitForURL('**/login*');
    await second.page.getByText('Your account was disabled').waitFor();
    await second.page.getByLabel('Username or email').fill('boris');
    await second.page.getByLabel('Password', { exact: true }).fill(`${PASSWORD_MARK} boris`);
    await second.page.keyboard.press('Enter');
    await second.page.getByRole('alert').getByText('This account is disabled.').waitFor();

    // the last one who may is not let go: nor demoted
    await page.getByRole('button', { name: 'Actions for anna' }).click();
    expect(await page.getByRole('menuitem', { name: /Delete|Disable/ }).count()).toBe(0);
    await page.getByRole('menuitem', { name: 'Change role' }).click();
    await page.getByRole('radio', { name: /^Moderator/ }).check({ force: true });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('There is no other active administrator.').waitFor();
  });
});

describe('administration', () => {
  const open = devices(() => doors);
  let admin: Person;
  beforeAll(async () => {
    admin = await sharedAdmin(doors);
  });

  test('is there for admins alone', async () => {
    const device = await open();
    const { page } = device;
    await device.logIn(await Person.register(doors));
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Administration' }).count()).toBe(0);
    await page.goto('/admin/users');
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  });

  test('makes an account, finds it, gives it another role and a new password, and deletes it', async () => {
    const device = await open();
    const { page } = device;
    const username = unique('made');
    await device.logIn(admin);
    await page.goto('/admin/users');
    await page.getByRole('button', { name: 'New account' }).click();
    const making = page.getByRole('dialog', { name: 'New account' });
    await making.getByLabel('Username').fill(admin.username);
    await making.getByLabel('Email').fill(`${username}@example.org`);
    await making.getByLabel('Password', { exact: true }).fill(`${PASSWORD_MARK} first`);
    await making.getByRole('button', { name: 'Create account' }).click();
    await making.getByText('This username is taken.').waitFor();
    await making.getByLabel('Username').fill(username);
    await making.getByRole('button', { name: 'Create account' }).click();
    await page.getByText(`${username} can log in now`).waitFor();

    await page.getByRole('searchbox', { name: 'Find by name' }).fill(username.slice(2));
    const line = page.getByRole('main').getByRole('listitem').filter({ hasText: username });
    await line.getByText('Not seen recently').waitFor();
    const act = async (action: string): Promise<void> => {
      await line.getByRole('button', { name: `Actions for ${username}` }).click();
      await page.getByRole('menuitem', { name: action }).click();
    };
    await act('Change role');
    await page.getByRole('radio', { name: /^Moderator/ }).check({ force: true });
    await page.getByRole('button', { name: 'Save' }).click();
    await line.getByText('Moderator', { exact: true }).waitFor();

    await act('New password');
    await page
      .getByRole('dialog')
      .getByLabel('New password', { exact: true })
      .fill(`${PASSWORD_MARK} second`);
    await page.keyboard.press('Enter');
    await page.getByText(`${username} has a new password`).waitFor();
    const made = await Person.login(doors, { login: username, password: `${PASSWORD_MARK} second` });
    expect(made.user.role).toBe('moderator');

    await page.getByRole('button', { name: /Any role/ }).click();
    await page.getByRole('option', { name: 'Guest' }).click();
    await page.getByText('No users found').waitFor();
    await page.getByRole('button', { name: /Guest/ }).click();
    await page.getByRole('option', { name: 'Moderator' }).click();
    await line.waitFor();

    await act('Delete');
    const sure = page.getByRole('alertdialog', { name: `Delete ${username}?` });
    await sure.getByRole('button', { name: 'Cancel' }).click();
    await act('Delete');
    await sure.getByRole('button', { name: 'Delete' }).click();
    await page.getByText(`${username} is deleted`).waitFor();
    await line.waitFor({ state: 'detached' });
    await expect(made.rest.get('/users/me')).rejects.toMatchObject({ code: 'session_ended' });
  });

  test('disables with the keyboard alone', async () => {
    const person = await Person.register(doors, 'keys');
    const device = await open();
    const { page } = device;
    await device.logIn(admin);
    await page.goto('/admin/users');
    const search = page.getByRole('searchbox', { name: 'Find by name' });
    await search.focus();
    await page.keyboard.type(person.username);
    const line = page.getByRole('main').getByRole('listitem').filter({ hasText: person.username });
    // what was found, and no more the list from before
    await eventually(async () => (await page.getByRole('main').getByRole('listitem').count()) === 1);
    await line.waitFor();
    for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.type('Dis');
    const disable = page.getByRole('menuitem', { name: /^Disable/ });
    await eventually(() => disable.evaluate((item) => item === document.activeElement));
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    // what is safe has the focus
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await line.getByText('Disabled', { exact: true }).waitFor();
    expect(await line.getByRole('button').evaluate((button) => button === document.activeElement)).toBe(true);
    await expect(person.rest.get('/users/me')).rejects.toMatchObject({ code: 'session_ended' });
  });

  test('lists all rooms, and deletes one that the admin is not in', async () => {
    const person = await Person.register(doors);
    const mark = unique('listed');
    await person.createRoom('public', [], `${mark} open`);
    const closed = await person.createRoom('private', [], `${mark} closed`);
    const device = await open();
    const { page } = device;
    await device.logIn(admin);
    await page.goto('/admin/rooms');
    await page.getByRole('searchbox', { name: 'Find by name' }).fill(mark);
    const lines = page.getByRole('main').getByRole('listitem').filter({ hasText: mark });
    await lines.nth(1).waitFor();
    expect(await lines.count()).toBe(2);
    expect(await page.getByRole('link', { name: `${mark} open` }).count()).toBe(1);
    expect(await page.getByRole('link', { name: `${mark} closed` }).count()).toBe(0);
    await page.getByRole('button', { name: `Delete ${mark} closed` }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the room' }).click();
    await page.getByText(`${mark} closed is deleted`).waitFor();
    await lines.nth(1).waitFor({ state: 'detached' });
    await expect(person.rest.get(`/rooms/${closed.id}`)).rejects.toMatchObject({ code: 'room_not_found' });
  });

  test.each([
    ['light', 'en', {}],
    ['dark', 'ru', {}],
    ['light', 'ru', NARROW],
    ['dark', 'en', NARROW],
  ] as const)(
    'keeps nobody out: %s, %s, %j',
    async (scheme, language, size) => {
      const device = await open({ scheme, language, ...size });
      const { page } = device;
      await device.logIn(admin);
      for (const path of ['/admin/users', '/admin/rooms']) {
        await page.goto(path);
        await page.getByRole('main').getByRole('listitem').first().waitFor();
        expect(await device.barriers()).toEqual([]);
        // nothing hangs out at the side
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      }
      await page.goto('/admin/users');
      await page.getByRole('main').getByRole('button').first().click();
      await page.getByRole('dialog').waitFor();
      expect(await device.barriers()).toEqual([]);
    },
    60_000,
  );
});

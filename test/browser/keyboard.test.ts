import type { Page } from 'playwright-core';
import { devices } from '../harness/browser';
import { Person, sharedAdmin, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

/** Goes on with Tab until something with this name has the focus, as who uses no mouse does. */
const tabTo = async (page: Page, name: string | RegExp): Promise<void> => {
  for (let i = 0; i < 40; i++) {
    const focused = await page.evaluate(() => {
      const it = document.activeElement;
      // its text is that of everything
      if (it === document.body) return '';
      const labels = it instanceof HTMLInputElement ? [...(it.labels ?? [])].map((l) => l.textContent) : [];
      return [it?.getAttribute('aria-label'), it?.textContent, ...labels].filter(Boolean).join(' | ');
    });
    if (typeof name === 'string' ? focused.includes(name) : name.test(focused)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to ${String(name)}`);
};

test('without a mouse: log in, make a room with somebody, write, jump to another room, invite, log out', async () => {
  const [person, friend] = [await Person.register(doors, 'keys'), await Person.register(doors, 'friend')];
  const enemy = await Person.register(doors, 'enemy');
  const other = await person.createRoom('public');
  const { page } = await open();
  const { keyboard } = page;
  await page.goto('/login');
  await page.locator('input[name=login]:focus').waitFor();
  await keyboard.type(person.username);
  await keyboard.press('Tab');
  await keyboard.type(person.password);
  await keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/');

  const name = unique('by-keys');
  await page.getByRole('button', { name: 'New room or conversation' }).waitFor();
  await tabTo(page, 'New room or conversation');
  await keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'New room' }).waitFor();
  await keyboard.press('Enter');
  await page.getByRole('dialog').locator('input[name=name]:focus').waitFor();
  await keyboard.type(name);
  await tabTo(page, 'Anyone can find it');
  await keyboard.press('ArrowDown');
  await tabTo(page, 'Add people');
  // there is nothing to choose yet, and no room is made
  await keyboard.press('Enter');
  for (const { username } of [friend, enemy]) {
    await keyboard.type(username);
    await page.getByRole('option', { name: username }).waitFor();
    await keyboard.press('Enter');
    await page.getByRole('row', { name: username }).waitFor();
  }
  await tabTo(page, friend.username);
  await keyboard.press('ArrowRight');
  await keyboard.press('Delete');
  await page.getByRole('row', { name: enemy.username }).waitFor({ state: 'detached' });
  await tabTo(page, 'Create room');
  await keyboard.press('Enter');
  await page.waitForURL('**/rooms/*');
  const made = await friend.rest.get<{ name: string; kind: string }>(
    `/rooms/${page.url().split('/').at(-1)}`,
  );
  expect(made).toMatchObject({ name, kind: 'private' });
  await page.locator('textarea:focus').waitFor();
  await keyboard.type('first line');
  await keyboard.press('Shift+Enter');
  await keyboard.type('second line');
  await keyboard.press('Enter');
  await page.getByRole('log', { name: 'Messages' }).getByText('second line').waitFor();

  await keyboard.press('Control+k');
  await page.getByRole('dialog').locator('input:focus').waitFor();
  await keyboard.type(other.name ?? '');
  await page.getByRole('option', { name: other.name }).waitFor();
  await keyboard.press('Enter');
  await page.waitForURL(`**/rooms/${other.id}`);

  await page.getByRole('heading', { name: other.name, level: 1 }).waitFor();
  await tabTo(page, 'Room actions');
  await keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Invite people' }).waitFor();
  await keyboard.press('Enter');
  await page.getByRole('dialog').locator('input:focus').waitFor();
  await keyboard.type(friend.username);
  await page.getByRole('option', { name: friend.username }).waitFor();
  await keyboard.press('Enter');
  await page.getByText(`${friend.username} was added to the room`).waitFor();
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await tabTo(page, 'Your account');
  await keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Settings' }).waitFor();
  await keyboard.press('End');
  await keyboard.press('Enter');
  await page.waitForURL('**/login*');
});

test('Enter chooses the best of what was found after a slip of the finger, too', async () => {
  const [person, friend] = [await Person.register(doors), await Person.register(doors, 'friend')];
  const room = await person.createRoom('public');
  const device = await open();
  await device.logIn(person);
  const { page } = device;
  await page.goto(`/rooms/${room.id}`);
  await page.getByRole('button', { name: 'Room actions' }).click();
  await page.getByRole('menuitem', { name: 'Invite people' }).click();
  await page.getByRole('dialog').locator('input:focus').waitFor();
  await page.keyboard.type(`${friend.username}x`);
  await page.getByText('Nobody').waitFor();
  await page.keyboard.press('Backspace');
  await page.getByRole('option').getByText(`@${friend.username}`).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText(`${friend.username} was added to the room`).waitFor();
});

test('a window gives the focus back to the button whose menu opened it', async () => {
  const [admin, other] = [await sharedAdmin(doors), await Person.register(doors)];
  const room = await admin.createRoom('public', [other]);
  const device = await open();
  await device.logIn(admin);
  const { page } = device;
  /** Every window of a menu, which say what they are by their titles. */
  const through = async (button: string, ...items: string[]): Promise<void> => {
    for (const item of items) {
      await page.getByRole('button', { name: button, exact: true }).press('Enter');
      await page.getByRole('menuitem', { name: item }).press('Enter');
      const window = page.locator('[role=dialog]:focus-within, [role=alertdialog]:focus-within');
      await window.waitFor();
      await page.keyboard.press('Escape');
      await window.waitFor({ state: 'detached' });
      await page.locator(`button[aria-haspopup][aria-label="${button}"]:focus`).waitFor();
    }
  };
  await page.goto(`/rooms/${room.id}`);
  await page.locator('textarea:focus').waitFor();
  await through('New room or conversation', 'New room', 'New conversation');
  await through('Room actions', 'Invite people', 'Name and topic', 'Leave the room', 'Delete the room');
  await page.goto('/admin/users');
  await page.getByLabel('Find by name or email').fill(other.username);
  await through(
    `Actions for ${other.username}`,
    'Name and email',
    'Change role',
    'New password',
    'Disable',
    'Delete',
  );
});

test('arrow keys walk along the messages, and what can be done with one is next to it', async () => {
  const person = await Person.register(doors);
  const room = await person.createRoom('public');
  for (const text of ['one', 'two', 'three']) await person.send(room.id, text);
  const device = await open();
  await device.logIn(person);
  const { page } = device;
  await page.goto(`/rooms/${room.id}`);
  const log = page.getByRole('log', { name: 'Messages' });
  await log.getByText('three').waitFor();
  await log.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await log.locator('[data-index]:focus').getByText('two').waitFor();
  await tabTo(page, 'React');
  const one = log.locator('[data-index]').filter({ hasText: 'one' });
  const focused = page.locator('[data-index]:focus');
  await page.keyboard.press('ArrowUp');
  await focused.getByText('one').waitFor();
  // by the place of the key
  await page.keyboard.press('e');
  const editor = page.getByRole('textbox', { name: 'Editing your message' });
  await editor.and(page.locator(':focus')).fill('one, mended');
  await page.keyboard.press('Enter');
  await one.getByText('one, mended').waitFor();

  await one.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu', { name: 'Message actions' }).waitFor();
  await page.keyboard.press('Escape');
  await focused.getByText('one, mended').waitFor();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
  const sure = page.getByRole('alertdialog', { name: 'Delete this message?' });
  await sure.waitFor();
  await page.keyboard.press('Escape');
  await sure.waitFor({ state: 'detached' });
  await focused.getByText('one, mended').waitFor();
  await page.keyboard.press('Delete');
  await sure.getByRole('button', { name: 'Delete' }).press('Enter');
  await one.waitFor({ state: 'detached' });
});

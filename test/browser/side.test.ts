import { eventually } from '@veche/testing';
import type { Locator, Page } from 'playwright-core';
import { devices, NARROW } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Room } from '../harness/wire';

const doors = sharedDoors();
const open = devices(() => doors);

const section = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: 'Rooms' }).getByRole('list', { name });
const link = (page: Page, room: { name?: string }): Locator =>
  page.getByRole('link', { name: room.name ?? '' });

const direct = (one: Person, other: Person): Promise<Room> =>
  one.rest.post('/rooms/direct', { userId: other.id });

const choose = async (page: Page, of: Locator, ...items: string[]): Promise<void> => {
  await of.click({ button: 'right' });
  for (const item of items) {
    const choice = page
      .getByRole('menuitem', { name: item })
      .or(page.getByRole('menuitemradio', { name: item }));
    await choice.click();
  }
  await page.getByRole('menu').waitFor({ state: 'detached' });
};

test('rooms stand in sections, which fold and stay so; what calls nobody is a dot', async () => {
  const [olga, anna] = [await Person.register(doors, 'olga'), await Person.register(doors, 'anna')];
  const rooms = [await olga.createRoom('public', [anna]), await olga.createRoom('private', [anna])];
  const [news, calls] = rooms as [Room, Room];
  const quiet = await olga.createRoom('public');
  const talk = await direct(olga, anna);
  const device = await open();
  const { page } = device;
  await device.logIn(olga);
  await page.goto(`/rooms/${quiet.id}`);
  await anna.send(news.id, 'nothing that calls');
  await anna.send(calls.id, `@${olga.username} look`);
  const unread = section(page, 'Unread');
  await unread.getByRole('link').nth(1).waitFor();
  await section(page, 'Direct messages').getByRole('link', { name: anna.username }).waitFor();
  expect(await section(page, 'Rooms').getByRole('link').count()).toBe(1);
  // a number for who is called, a dot for the other, and so in the title
  await link(page, calls).getByText('1', { exact: true }).waitFor();
  expect(await link(page, news).getByText('1', { exact: true }).count()).toBe(0);
  await eventually(async () => (await page.title()).startsWith('(1) '));

  // what is read stays where it was found until one goes elsewhere
  await link(page, news).click();
  await link(page, news).getByText('unread').waitFor({ state: 'detached' });
  await unread.getByRole('link', { name: news.name ?? '' }).waitFor();
  await link(page, quiet).click();
  await section(page, 'Rooms')
    .getByRole('link', { name: news.name ?? '' })
    .waitFor();

  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await unread.waitFor({ state: 'detached' });
  await eventually(async () => !(await page.title()).startsWith('('));

  const fold = page.getByRole('button', { name: 'Direct messages' });
  await fold.click();
  await link(page, { name: anna.username }).waitFor({ state: 'detached' });
  expect(await device.barriers()).toEqual([]);
  await page.reload();
  await fold.waitFor();
  expect(await fold.getAttribute('aria-expanded')).toBe('false');
  expect(await link(page, { name: anna.username }).count()).toBe(0);
  // the room that is open is in sight all the same, and so is what waits
  await page.goto(`/rooms/${talk.id}`);
  await section(page, 'Direct messages').getByRole('link', { name: anna.username }).waitFor();
});

test('a room’s menu does what one wants of it, on all of one’s devices', async () => {
  const [olga, anna] = [await Person.register(doors, 'olga'), await Person.register(doors, 'anna')];
  const room = await anna.createRoom('public', [olga]);
  const other = await olga.createRoom('public', [anna]);
  await anna.send(room.id, 'a word');
  await direct(olga, anna);
  const [device, second] = [await open(), await open()];
  for (const one of [device, second]) {
    await one.logIn(olga);
    await one.page.goto(`/rooms/${other.id}`);
    await one.page.getByRole('textbox', { name: /^Write to/ }).waitFor();
  }
  const { page } = device;
  await choose(page, link(page, room), 'Mark as read');
  for (const one of [device, second])
    await section(one.page, 'Rooms')
      .getByRole('link', { name: room.name ?? '' })
      .waitFor();
  await choose(page, link(page, room), 'Mark as unread');
  for (const one of [device, second])
    await section(one.page, 'Unread')
      .getByRole('link', { name: room.name ?? '' })
      .waitFor();
  await choose(page, link(page, room), 'Mark as read');

  await choose(page, link(page, room), 'Add to favourites');
  for (const one of [device, second])
    await section(one.page, 'Favourites')
      .getByRole('link', { name: room.name ?? '' })
      .waitFor();
  await choose(page, link(page, room), 'Remove from favourites');
  await section(second.page, 'Favourites').waitFor({ state: 'detached' });

  await choose(page, link(page, room), 'Notifications', 'Mentions only');
  await eventually(
    async () =>
      (await olga.rest.get<{ level?: string }>(`/rooms/${room.id}/preferences`)).level === 'mentions',
  );
  await link(page, room).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Notifications' }).click();
  await page.getByRole('menuitemradio', { name: 'Mentions only', checked: true }).waitFor();
  expect(await device.barriers()).toEqual([]);
  await page.keyboard.press('Escape');

  // a muted room waits for nobody
  await choose(page, link(page, room), 'Mute', 'For an hour');
  await link(second.page, room).getByText('Muted').waitFor();
  await anna.send(room.id, `@${olga.username} still there?`);
  await link(page, room).getByText('1 unread message').waitFor({ state: 'attached' });
  expect(await section(page, 'Unread').count()).toBe(0);
  expect(await page.title()).not.toMatch(/^[(•]/);
  await choose(page, link(page, room), 'Unmute');
  for (const one of [device, second])
    await section(one.page, 'Unread')
      .getByRole('link', { name: room.name ?? '' })
      .waitFor();

  const talk = section(page, 'Direct messages').getByRole('link', { name: anna.username });
  await choose(page, talk, 'Hide conversation');
  for (const one of [device, second])
    await section(one.page, 'Direct messages').waitFor({ state: 'detached' });

  await choose(page, link(page, room), 'Leave the room');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave the room' }).click();
  for (const one of [device, second]) await link(one.page, room).waitFor({ state: 'detached' });
});

test('the menu opens from the keyboard and by its button, and gives the focus back', async () => {
  const olga = await Person.register(doors, 'olga');
  const room = await olga.createRoom('public');
  const device = await open();
  const { page } = device;
  await device.logIn(olga);
  for (const keys of ['Shift+F10', 'ContextMenu']) {
    await link(page, room).focus();
    await page.keyboard.press(keys);
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await eventually(() => link(page, room).evaluate((it) => it === document.activeElement));
  }
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Add to favourites' }).press('Enter');
  await section(page, 'Favourites')
    .getByRole('link', { name: room.name ?? '' })
    .waitFor();
  // the window that asks gives it back as well
  await link(page, room).focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Leave the room' }).press('Enter');
  await page.getByRole('alertdialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await eventually(() => link(page, room).evaluate((it) => it === document.activeElement));
});

test('on a phone a finger that stays on a room has its menu, and leads nowhere', async () => {
  const olga = await Person.register(doors, 'olga');
  const room = await olga.createRoom('public');
  const device = await open({ ...NARROW, touch: true });
  const { page } = device;
  await device.logIn(olga);
  // what was announced at the door is gone then
  await page.reload();
  await device.pressLong(link(page, room));
  expect(await device.barriers()).toEqual([]);
  await page.getByRole('menuitem', { name: 'Add to favourites' }).tap();
  await section(page, 'Favourites')
    .getByRole('link', { name: room.name ?? '' })
    .waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
});

test('who wants it sees below each room what was said last', async () => {
  const [olga, anna] = [await Person.register(doors, 'olga'), await Person.register(doors, 'anna')];
  const room = await olga.createRoom('public', [anna]);
  await anna.send(room.id, 'the **last** word');
  const device = await open();
  const { page } = device;
  await device.logIn(olga);
  await link(page, room).waitFor();
  expect(await link(page, room).getByText('the last word').count()).toBe(0);
  await page.goto('/settings/preferences');
  await page.getByText('Message previews').click();
  await link(page, room).getByText(`${anna.username}: the last word`).waitFor();
});

test('Alt and arrows lead from room to room, with Shift to what is unread', async () => {
  const [olga, anna] = [await Person.register(doors, 'olga'), await Person.register(doors, 'anna')];
  const rooms = [];
  for (let i = 0; i < 4; i++) rooms.push(await olga.createRoom('public', [anna]));
  const [first, second, third, last] = rooms as [Room, Room, Room, Room];
  const device = await open();
  const { page } = device;
  await device.logIn(olga);
  // the newest is at the top
  await page.goto(`/rooms/${last.id}`);
  await page.getByRole('textbox', { name: `Write to ${last.name}` }).waitFor();
  const goes = async (keys: string, to: Room): Promise<void> => {
    await page.keyboard.press(keys);
    await page.waitForURL(`**/rooms/${to.id}`);
    await page.getByRole('textbox', { name: `Write to ${to.name}` }).waitFor();
  };
  await goes('Alt+ArrowDown', third);
  await goes('Alt+ArrowDown', second);
  await goes('Alt+ArrowUp', third);
  await anna.send(first.id, 'a word');
  await section(page, 'Unread')
    .getByRole('link', { name: first.name ?? '' })
    .waitFor();
  await goes('Alt+Shift+ArrowDown', first);
});

test('who marks a message unread finds it so, however long they stay, until Escape reads everything', async () => {
  const [olga, anna] = [await Person.register(doors, 'olga'), await Person.register(doors, 'anna')];
  const room = await olga.createRoom('public', [anna]);
  for (const text of ['one', 'two', 'three']) await anna.send(room.id, text);
  const [device, second] = [await open(), await open()];
  await device.page.clock.install();
  for (const one of [device, second]) {
    await one.logIn(olga);
    await one.page.goto(`/rooms/${room.id}`);
    await one.page.getByRole('log').getByText('three').waitFor();
    await link(one.page, room).getByText('unread').waitFor({ state: 'detached' });
  }
  const { page } = device;
  const messages = page.getByRole('log');
  await messages.getByText('two').hover();
  await messages.locator('[data-seq]').filter({ hasText: 'two' }).focus();
  await page.keyboard.press('u');
  for (const one of [device, second])
    await link(one.page, room).getByText('2 unread messages').waitFor({ state: 'attached' });
  await messages.getByText('New messages').waitFor();
  // what follows, a window that has the focus again and a line further on move it nowhere
  await anna.send(room.id, 'four');
  await messages.getByText('four').waitFor();
  await page.evaluate(() => {
    dispatchEvent(new Event('blur'));
    dispatchEvent(new Event('focus'));
  });
  await link(page, room).getByText('3 unread messages').waitFor({ state: 'attached' });
  await page.clock.fastForward(5_000);
  await anna.send(room.id, 'five');
  for (const one of [device, second])
    await link(one.page, room).getByText('4 unread messages').waitFor({ state: 'attached' });
  await page.keyboard.press('Escape');
  for (const one of [device, second])
    await link(one.page, room).getByText('unread').waitFor({ state: 'detached' });
});

test('the switcher finds one’s rooms, people, and rooms to join', async () => {
  const [olga, anna] = [await Person.register(doors, 'olga'), await Person.register(doors, 'anna')];
  const [mine, others] = [await olga.createRoom('private'), await anna.createRoom('public')];
  const device = await open();
  const { page } = device;
  await device.logIn(olga);
  await link(page, mine).waitFor();
  const goTo = async (text: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').locator('input:focus').waitFor();
    await page.keyboard.type(text);
    await page.getByRole('option', { name: text }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  await goTo(mine.name ?? '');
  await page.waitForURL(`**/rooms/${mine.id}`);
  await goTo(anna.username);
  await page.getByRole('textbox', { name: `Write to ${anna.username}` }).waitFor();
  await goTo(others.name ?? '');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('textbox', { name: `Write to ${others.name}` }).waitFor();
});

test('a question mark shows all of the keys, but where one writes', async () => {
  const olga = await Person.register(doors, 'olga');
  const room = await olga.createRoom('public');
  const device = await open();
  const { page } = device;
  await device.logIn(olga);
  await page.goto(`/rooms/${room.id}`);
  await page.locator('textarea:focus').waitFor();
  await page.keyboard.type('?');
  expect(await page.locator('textarea').inputValue()).toBe('?');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await link(page, room).focus();
  await page.keyboard.press('Shift+?');
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await keys.getByText('Mark unread from here').waitFor();
  expect(await device.barriers()).toEqual([]);
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'detached' });
});

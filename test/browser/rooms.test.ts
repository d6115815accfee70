import { eventually } from '@veche/testing';
import type { Locator, Page } from 'playwright-core';
import { type Device, devices, NARROW, type View } from '../harness/browser';
import { Person, register, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import { inTurns } from '../harness/waiting';
import type { Room } from '../harness/wire';

const doors = sharedDoors();
const open = devices(() => doors);

const list = (page: Page): Locator => page.getByRole('log', { name: 'Messages' });

/** The owner of a room with somebody else in it, and their device in there. */
const owner = async (
  kind: 'public' | 'private',
  view: View = {},
): Promise<{ person: Person; other: Person; room: Room; device: Device; page: Page }> => {
  const [person, other] = [await Person.register(doors, 'owner'), await Person.register(doors, 'member')];
  const room = await person.createRoom(kind, [other]);
  await other.send(room.id, 'something to read');
  const device = await open(view);
  await device.logIn(person);
  await device.page.goto(`/rooms/${room.id}`);
  await list(device.page).getByText('something to read').waitFor();
  return { person, other, room, device, page: device.page };
};

const choose = async (page: Page, other: Person, item: string): Promise<Locator> => {
  await page.getByRole('button', { name: `Actions for ${other.username}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
  const asked = page.getByRole('alertdialog');
  await asked.waitFor();
  return asked;
};

test('who removes somebody, or hands the room over, is asked first', async () => {
  const { device, page, person, other, room } = await owner('private');
  const role = async (of: Person): Promise<string | undefined> => {
    const { items } = await person.rest.get<{ items: { userId: string; role: string }[] }>(
      `/rooms/${room.id}/members`,
    );
    return items.find(({ userId }) => userId === of.id)?.role;
  };
  await page.getByRole('button', { name: '2 members' }).click();
  for (const item of ['Transfer ownership', 'Remove from the room']) {
    const asked = await choose(page, other, item);
    expect(await asked.getByRole('heading').textContent()).toContain(other.username);
    expect(await device.barriers()).toEqual([]);
    // what a hurried Enter does is nothing
    await page.keyboard.press('Enter');
    await asked.waitFor({ state: 'detached' });
    expect([await role(person), await role(other)]).toEqual(['owner', 'member']);
  }

  await (
    await choose(page, other, 'Remove from the room')
  )
    .getByRole('button', { name: 'Remove from the room' })
    .click();
  await list(page).getByText(`${person.username} removed ${other.username}`).waitFor();
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  expect(await role(other)).toBeUndefined();
  await eventually(() =>
    page
      .getByRole('complementary', { name: 'Members' })
      .evaluate((it) => it.contains(document.activeElement)),
  );

  await person.rest.post(`/rooms/${room.id}/members`, { userId: other.id });
  await (
    await choose(page, other, 'Transfer ownership')
  )
    .getByRole('button', { name: 'Transfer ownership' })
    .click();
  await list(page).getByText(`${person.username} transferred ownership to ${other.username}`).waitFor();
  expect([await role(person), await role(other)]).toEqual(['moderator', 'owner']);
});

test.each<[string, View]>([
  ['a desk', {}],
  ['a small window', { width: 900, height: 700 }],
  ['a tablet', { width: 820, height: 1100, touch: true }],
  ['a phone', { ...NARROW, touch: true }],
])('on %s one sees who is there and writes and sends all the same', async (_name, view) => {
  const { page } = await owner('public', view);
  await page.getByRole('button', { name: '2 members' }).click();
  const panel = page.getByRole('complementary', { name: 'Members' });
  await panel.waitFor();
  const [shown, send] = [
    await panel.boundingBox(),
    await page.getByRole('button', { name: 'Send' }).boundingBox(),
  ];
  if (!shown || !send) throw new Error('one of them is not shown');
  const isBeside =
    shown.x >= send.x + send.width || shown.y >= send.y + send.height || shown.y + shown.height <= send.y;
  expect({ shown, send, isBeside }).toMatchObject({ isBeside: true });
  await page.getByRole('textbox', { name: /^Write to/ }).fill('in sight of all');
  // a real click, which fails where something else is above it
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  await list(page).getByText('in sight of all').waitFor();
});

test('a finger that scrolls leaves nothing lit behind, and one that stays sees what can be done', async () => {
  const { page, device } = await owner('public', { ...NARROW, touch: true });
  const message = list(page).locator('article').last();
  const background = (): Promise<string> => message.evaluate((it) => getComputedStyle(it).backgroundColor);
  const box = await message.boundingBox();
  if (!box) throw new Error('it is not shown');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const touch = await page.context().newCDPSession(page);
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
  for (const by of [10, 30, 60])
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y: y + by }] });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const tools = message.getByRole('group', { name: 'Message actions' });
  await page.touchscreen.tap(x, y);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  expect(await tools.count()).toBe(0);
  expect(await background()).toBe('rgba(0, 0, 0, 0)');
  await device.pressLong(message);
  await page.getByRole('menuitem', { name: 'Reply', exact: true }).tap();
  await page.getByText('Replying to').waitFor();
  expect(await tools.count()).toBe(0);
});

test('however many rooms one is in, the page draws those that are seen, and all can be walked to', async () => {
  const MANY = 2_000;
  const ROW = 34;
  const person = await Person.register(doors, 'everywhere');
  const prefix = unique('room');
  const numbers = Array.from({ length: MANY }, (_, i) => i);
  const rooms = await inTurns(numbers, 16, (i) => person.createRoom('public', [], `${prefix} ${i}`));
  const device = await open();
  const { page } = device;
  await device.logIn(person);
  const nav = page.getByRole('navigation', { name: 'Rooms' });
  await nav.getByRole('link').first().waitFor();
  const drawn = (): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);
  expect(await nav.getByRole('link').count()).toBeLessThan(40);
  expect(await drawn()).toBeLessThan(1_000);
  expect(await device.barriers()).toEqual([]);

  // each is there, in the order of the server's list
  const items: Room[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const page: { items: Room[]; nextCursor?: string } = await person.rest.get(
      `/rooms?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(items.length).toBe(MANY);
  const scrolled = await nav.evaluateHandle((it) => it);
  const seen = new Map(
    await scrolled.evaluate(
      async (it, { many, row }) => {
        const found = new Map<number, string>();
        const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));
        for (let frames = 0, to = 1; found.size < many && frames < 60; frames++) {
          for (const line of it.querySelectorAll('li'))
            found.set(Number(line.ariaPosInSet), line.dataset.room ?? '');
          // on to what is not known yet
          if (found.has(to)) frames = 0;
          while (found.has(to)) to++;
          it.scrollTo(0, to * row);
          await frame();
        }
        return [...found];
      },
      { many: MANY, row: ROW },
    ),
  );
  expect(new Set(seen.values())).toEqual(new Set(rooms.map(({ id }) => id)));
  expect(numbers.map((i) => seen.get(i + 1))).toEqual(items.map(({ id }) => id));

  const focused = (): Promise<string | null | undefined> =>
    page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('aria-posinset'));
  await scrolled.evaluate((it) => it.scrollTo(0, 0));
  await nav.getByRole('link').first().focus();
  for (const [keys, place] of [
    ['End', MANY],
    ['ArrowUp', MANY - 1],
    ['Home', 1],
    ['ArrowDown', 2],
  ] as const) {
    await page.keyboard.press(keys);
    await eventually(async () => (await focused()) === String(place));
    expect(await nav.locator(`li[aria-posinset="${place}"]`).isVisible()).toBe(true);
  }
  // the focus outlives its being out of sight
  await scrolled.evaluate((it) => it.scrollTo(0, it.scrollHeight));
  await nav.locator(`li[aria-posinset="${MANY}"]`).waitFor();
  expect(await focused()).toBe('2');

  // something is said further down: what is in sight stays there
  await scrolled.evaluate((it, row) => it.scrollTo(0, 100 * row), ROW);
  const middle = nav.locator(`li[data-room="${seen.get(104)}"]`);
  await middle.waitFor();
  const before = (await middle.boundingBox())?.y ?? NaN;
  const last = seen.get(MANY) ?? '';
  await person.send(last, 'said at the end of the list');
  await eventually(async () => (await middle.getAttribute('aria-posinset')) === '105');
  expect(Math.abs(((await middle.boundingBox())?.y ?? NaN) - before)).toBeLessThan(2);
}, 300_000);

test.each(['never looked at', 'had open before'] as const)(
  'what a deleted account has said is not unread, in a room that one %s',
  async (which) => {
    const [person, goes, stays] = await register(doors, 'reader', 'goes', 'stays');
    if (!person || !goes || !stays) throw new Error('somebody is missing');
    const room = await person.createRoom('public', [goes, stays]);
    const elsewhere = await person.createRoom('public');
    const device = await open();
    const { page } = device;
    await device.logIn(person);
    if (which === 'had open before') {
      await page.getByRole('link', { name: room.name }).click();
      await page.getByLabel(`Write to ${room.name}`).waitFor();
      await page.getByRole('link', { name: elsewhere.name }).click();
    } else await page.goto(`/rooms/${elsewhere.id}`);
    await page.getByLabel(`Write to ${elsewhere.name}`).waitFor();
    for (const by of [goes, stays, goes]) await by.send(room.id, 'something');
    const link = page.getByRole('link', { name: room.name });
    await link.getByText('3 unread messages').waitFor({ state: 'attached' });
    await goes.rest.request('DELETE', '/users/me', { body: { password: goes.password } });
    await link.getByText('1 unread message', { exact: true }).waitFor({ state: 'attached' });
    await page.reload();
    await link.getByText('1 unread message', { exact: true }).waitFor({ state: 'attached' });
    await link.click();
    await link.getByText('unread').waitFor({ state: 'detached' });
  },
);

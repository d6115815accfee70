import { eventually, freePort } from '@veche/testing';
import type { Locator } from 'playwright-core';
import { type Device, devices, NARROW } from '../harness/browser';
import { Link } from '../harness/link';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);
/** A connection that was lost is tried again after seconds. */
const RECONNECT_MS = 30_000;

const say = async ({ page }: Device, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: /^Write to/ }).fill(text);
  await page.keyboard.press('Enter');
};

/** What somebody sees of the room, from top to bottom. */
const seen = ({ page }: Pick<Device, 'page'>): Promise<string[]> =>
  page.getByRole('log', { name: 'Messages' }).locator('article p').allTextContents();

const lineOf = ({ page }: Device, text: string): Locator =>
  page.getByRole('log', { name: 'Messages' }).getByText(text, { exact: true });

const hears = (device: Device, text: string): Promise<void> => lineOf(device, text).waitFor();

/** How many messages the browser keeps that are not sent: on its disk, which takes a moment. */
const kept = ({ page }: Device): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('veche');
        opening.onerror = () => reject(opening.error ?? new Error('it cannot be opened'));
        opening.onsuccess = () => {
          const rows = opening.result.transaction('outgoing').objectStore('outgoing').count();
          rows.onerror = () => reject(rows.error ?? new Error('it cannot be read'));
          rows.onsuccess = () => {
            opening.result.close();
            resolve(rows.result);
          };
        };
      }),
  );

test('two people talk, one goes off line and comes back, and all see the same', async () => {
  const [anna, boris, vera] = [
    await Person.register(doors, 'anna'),
    await Person.register(doors, 'boris'),
    await Person.register(doors, 'vera'),
  ];
  const room = await anna.createRoom('private', [boris, vera]);
  const link = await Link.open('the way of Boris', await freePort(), [
    Number(new URL(doors.gateways[0]!).port),
  ]);
  const hers = await open();
  const his = await open({ gateway: `http://127.0.0.1:${link.port}` });
  const phone = await open(NARROW);
  try {
    for (const [device, person] of [
      [hers, anna],
      [his, boris],
      [phone, vera],
    ] as const) {
      await device.logIn(person);
      await device.page.getByRole('link', { name: room.name }).click();
    }
    await say(hers, 'Is the bridge safe?');
    await hears(his, 'Is the bridge safe?');
    await say(his, 'Two beams are rotten');
    await hears(hers, 'Two beams are rotten');
    await say(phone, 'I have oak');
    await hears(his, 'I have oak');

    link.cut();
    await his.page.getByText('Connection lost. Reconnecting').waitFor();
    await say(his, 'said without a connection');
    await his.page.getByText('Waiting for a connection').waitFor();
    await say(hers, 'said meanwhile');
    await hears(phone, 'said meanwhile');
    expect(await seen(his)).not.toContain('said meanwhile');

    link.mend();
    // there until the page has tried by itself
    const again = his.page.getByRole('button', { name: 'Try again' });
    await again.or(lineOf(his, 'said meanwhile')).first().click({ timeout: RECONNECT_MS });
    await hears(his, 'said meanwhile');
    await hears(hers, 'said without a connection');
    await hears(phone, 'said without a connection');
    const expected = [
      'Is the bridge safe?',
      'Two beams are rotten',
      'I have oak',
      'said meanwhile',
      'said without a connection',
    ];
    for (const device of [hers, his, phone])
      await eventually(async () => (await seen(device)).join() === expected.join());
    expect(his.problems.every((problem) => /WebSocket|ERR_/.test(problem))).toBe(true);
  } finally {
    his.problems.length = 0;
    link.close();
  }
});

test('what was written without a connection outlives its page, and is sent once and in order', async () => {
  const [anna, boris] = [await Person.register(doors), await Person.register(doors)];
  const room = await anna.createRoom('private', [boris]);
  const link = await Link.open('the way of Boris', await freePort(), [
    Number(new URL(doors.gateways[0]!).port),
  ]);
  const hers = await open();
  const his = await open({ gateway: `http://127.0.0.1:${link.port}` });
  try {
    for (const [device, person] of [
      [hers, anna],
      [his, boris],
    ] as const) {
      await device.logIn(person);
      await device.page.getByRole('link', { name: room.name }).click();
    }
    await hers.page.getByRole('textbox', { name: /^Write to/ }).waitFor();
    await say(his, 'before');
    await hears(hers, 'before');
    link.cut();
    await his.page.getByText('Connection lost. Reconnecting').waitFor();
    await say(his, 'first');
    await say(his, 'second');
    await his.page.getByText('Waiting for a connection').nth(1).waitFor();
    await eventually(async () => (await kept(his)) === 2);
    await his.page.close();
    link.mend();
    await say(hers, 'meanwhile');
    await hears(hers, 'meanwhile');

    const again = await his.tab(`/rooms/${room.id}`);
    const expected = ['before', 'meanwhile', 'first', 'second'];
    for (const device of [hers, { page: again }])
      await eventually(async () => (await seen(device)).join() === expected.join(), { within: RECONNECT_MS });
    await again.getByText('Waiting for a connection').waitFor({ state: 'detached' });
    const said = (await anna.log(room.id)).filter(({ type }) => type === 'message.created');
    expect(said.map(({ text }) => text)).toEqual(expected);
    expect(his.problems.every((problem) => /WebSocket|ERR_/.test(problem))).toBe(true);
  } finally {
    his.problems.length = 0;
    link.close();
  }
});

test('what is unread is counted beside the room and in the title, and is read when it is seen', async () => {
  const [anna, boris] = [await Person.register(doors), await Person.register(doors)];
  const room = await anna.createRoom('public', [boris]);
  const other = await anna.createRoom('public');
  const hers = await open();
  await hers.logIn(anna);
  await hers.page.goto(`/rooms/${other.id}`);
  await hers.page.getByRole('textbox', { name: /^Write to/ }).waitFor();
  for (const text of ['one', 'two', 'three']) await boris.send(room.id, `${text}, @${anna.username}`);
  const link = hers.page.getByRole('link', { name: room.name });
  await link.getByText('3 unread messages').waitFor({ state: 'attached' });
  await eventually(async () => (await hers.page.title()).startsWith('(3) '));
  await eventually(async () =>
    (await hers.page.locator('link[rel=icon]').getAttribute('href'))?.startsWith('data:image/png'),
  );
  await link.click();
  await hers.page.getByText('New messages', { exact: true }).waitFor();
  await link.getByText('unread').waitFor({ state: 'detached' });
  await eventually(async () => !(await hers.page.title()).startsWith('('));
});

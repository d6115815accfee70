import { eventually } from '@veche/testing';
import type { Locator, Page, Route } from 'playwright-core';
import { type Device, devices } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Room } from '../harness/wire';

const doors = sharedDoors();
const open = devices(() => doors);

const list = (page: Page): Locator => page.getByRole('log', { name: 'Messages' });
const line = (page: Page, text: string): Locator => list(page).getByText(text, { exact: true });

const fill = async (person: Person, room: Room, count: number): Promise<void> => {
  for (let i = 1; i <= count; i++) await person.send(room.id, `message ${i}`);
};

/** Where a message stands on the screen, in pixels below the top of the list. */
const placeOf = async (page: Page, text: string): Promise<number> => {
  const [frame, box] = [await list(page).boundingBox(), await line(page, text).boundingBox()];
  if (!frame || !box) throw new Error(`${text} is not on the page`);
  return box.y - frame.y;
};

const belowTheScreen = (page: Page): Promise<number> =>
  list(page).evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight);

/** A room of two with messages by the one, which the other has read; and the other's device in it. */
const reader = async (count: number): Promise<{ writer: Person; room: Room; device: Device }> => {
  const [person, writer] = [await Person.register(doors, 'reader'), await Person.register(doors, 'writer')];
  const room = await person.createRoom('public', [writer]);
  await fill(writer, room, count);
  const device = await open();
  await device.logIn(person);
  await device.page.goto(`/rooms/${room.id}`);
  return { writer, room, device };
};

test('one begins at what is new, with a line before it, and may jump to the latest', async () => {
  const { device, writer, room } = await reader(80);
  const { page } = device;
  await list(page).getByText('New messages').waitFor();
  expect(await placeOf(page, 'message 1')).toBeLessThan(300);
  await page.getByRole('button', { name: /^Latest messages/ }).click();
  await line(page, 'message 80').waitFor();
  await eventually(async () => (await belowTheScreen(page)) < 5);
  // who is at the end follows it
  await writer.send(room.id, 'message 81');
  await line(page, 'message 81').waitFor();
  await eventually(async () => (await belowTheScreen(page)) < 5);
});

test('the reader stays where they are while history loads above and messages arrive below', async () => {
  const { device, writer, room } = await reader(100);
  const { page } = device;
  await page.getByRole('button', { name: /^Latest messages/ }).click();
  await line(page, 'message 100').waitFor();
  await page.getByRole('link', { name: room.name }).getByText('unread').waitFor({ state: 'detached' });
  await list(page).hover();
  await page.mouse.wheel(0, -1200);
  // less than that by as much as the lines below turn out to be lower than was thought before they were drawn
  await eventually(async () => (await belowTheScreen(page)) > 600);
  const watched = await list(page)
    .locator('article p')
    .evaluateAll((all) => all.find((it) => it.getBoundingClientRect().top > 250)?.textContent ?? '');
  const before = await placeOf(page, watched);
  for (let i = 101; i <= 110; i++) await writer.send(room.id, `message ${i}`);
  await page.getByRole('button', { name: 'Latest messages' }).getByText('10', { exact: true }).waitFor();
  expect(Math.abs((await placeOf(page, watched)) - before)).toBeLessThan(2);

  // up to the first message, and whatever is on the page on the way has neither gap nor repetition
  await eventually(async () => {
    const numbers = (await list(page).locator('article p').allTextContents()).map((text) =>
      Number(text.split(' ')[1]),
    );
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
    await page.mouse.wheel(0, -500);
    return list(page).getByText('This is the very beginning').isVisible();
  });
  await line(page, 'message 1').waitFor();
});

test('not for one frame do the lines move when history is put above them, for who wants no motion', async () => {
  const { device, room } = await reader(160);
  const { page } = device;
  await page.getByRole('button', { name: /^Latest messages/ }).click();
  await line(page, 'message 160').waitFor();
  await page.getByRole('link', { name: room.name }).getByText('unread').waitFor({ state: 'detached' });
  const held: Route[] = [];
  await page.route('**/rooms/*/events*', (route) => void held.push(route));
  await list(page).hover();
  await eventually(async () => {
    await page.mouse.wheel(0, -300);
    return held.length > 0;
  });
  const watched = await list(page)
    .locator('article p')
    .evaluateAll((all) => all.find((it) => it.getBoundingClientRect().top > 250)?.textContent ?? '');
  await eventually(async () => {
    const before = await placeOf(page, watched);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    return (await placeOf(page, watched)) === before;
  });
  const watching = await line(page, watched).evaluateHandle((it) => {
    const log = it.closest('[role=log]')!;
    const place = it.getBoundingClientRect().top;
    const farthest = new Promise<number>((resolve) => {
      let [most, framesLeft] = [0, 10];
      const look = (): void => {
        most = Math.max(most, Math.abs(it.getBoundingClientRect().top - place));
        if (log.ariaBusy === 'false') framesLeft--;
        // after a frame is painted: as it was seen
        if (framesLeft > 0) requestAnimationFrame(() => setTimeout(look));
        else resolve(most);
      };
      look();
    });
    return { farthest };
  });
  await held[0]?.continue();
  expect(await watching.evaluate(({ farthest }) => farthest)).toBeLessThan(2);
});

test('who scrolls up by a little, as a trackpad does, is not taken back to the end', async () => {
  const { device, writer, room } = await reader(60);
  const { page } = device;
  await page.getByRole('button', { name: /^Latest messages/ }).click();
  await line(page, 'message 60').waitFor();
  await eventually(async () => (await belowTheScreen(page)) < 5);
  await list(page).hover();
  for (let step = 1; step <= 10; step++) {
    const below = await belowTheScreen(page);
    await page.mouse.wheel(0, -12);
    await eventually(async () => (await belowTheScreen(page)) > below + 5);
  }
  await writer.send(room.id, 'message 61');
  await page.getByRole('button', { name: 'Latest messages' }).waitFor();
  // and who comes down again follows
  await page.mouse.wheel(0, 1000);
  await line(page, 'message 61').waitFor();
  await writer.send(room.id, 'message 62');
  await line(page, 'message 62').waitFor();
  await eventually(async () => (await belowTheScreen(page)) < 5);
});

test('a link to a message leads to it, wherever it is, and to the end from there', async () => {
  const { device, room } = await reader(120);
  const { page } = device;
  await page.goto(`/rooms/${room.id}?at=42`);
  await line(page, 'message 39').waitFor();
  const place = await placeOf(page, 'message 39');
  expect(place).toBeGreaterThan(100);
  expect(place).toBeLessThan(600);
  await page.getByRole('button', { name: /^Latest messages/ }).click();
  await line(page, 'message 120').waitFor();
});

test.each(['4711', '99999999999999999999', '0', '1.5', 'abc'])(
  'a link to a message that is not there, ?at=%s, says so and leads into the room',
  async (at) => {
    const { device, room } = await reader(3);
    const { page } = device;
    await line(page, 'message 3').waitFor();
    await page.goto(`/rooms/${room.id}?at=${at}`);
    await page.getByText('This message does not exist.').waitFor();
    for (const text of ['message 1', 'message 3']) await line(page, text).waitFor();
    await page.waitForURL((url) => url.search === '');
  },
);

test('a draft survives a reload, and is told of in the list', async () => {
  const { device, room } = await reader(1);
  const { page } = device;
  const field = page.getByRole('textbox', { name: /^Write to/ });
  await field.fill('not yet\nfinished');
  await page.getByRole('link', { name: room.name }).getByText('Draft:').waitFor();
  await page.reload();
  await eventually(async () => (await field.inputValue()) === 'not yet\nfinished');
  await field.fill('');
  await page.getByRole('link', { name: room.name }).getByText('Draft:').waitFor({ state: 'detached' });
});

test('a text is shown as what it is: markdown, and never markup that runs', async () => {
  const { device, writer, room } = await reader(1);
  const { page } = device;
  await writer.send(
    room.id,
    [
      '**bold** and <b onmouseover="alert(1)">not</b> <script>document.title = "hacked"</script>',
      '<img src=x onerror="document.title = \'hacked\'"> ![x](https://example.org/x.png)',
      '[a trap](javascript:alert(1)) and [a page](https://example.org/page)',
      '```',
      '<i>code</i>',
      '```',
    ].join('\n'),
  );
  await list(page).locator('strong', { hasText: 'bold' }).waitFor();
  const markdown = list(page).locator('article').last();
  expect(await markdown.locator('script, img, b, i').count()).toBe(0);
  await markdown.getByText('<i>code</i>').waitFor();
  const links = markdown.locator('p a');
  expect(await links.evaluateAll((all) => all.map((a) => a.getAttribute('href')))).toEqual(
    expect.arrayContaining(['https://example.org/page']),
  );
  expect(await markdown.locator('a[href^="javascript"]').count()).toBe(0);
  const link = markdown.getByRole('link', { name: 'a page' });
  expect([await link.getAttribute('rel'), await link.getAttribute('target')]).toEqual([
    'noopener noreferrer nofollow',
    '_blank',
  ]);
  expect(await page.title()).not.toContain('hacked');
});

test('a message that the server does not take says why, and may be tried again or discarded', async () => {
  const { page } = (await reader(1)).device;
  const text = page.getByRole('textbox', { name: /^Write to/ });
  await text.fill('x'.repeat(4001));
  await page.getByText('1 character too long').waitFor();
  expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
  // no store holds this character
  await text.fill('with a NUL: \0');
  await page.keyboard.press('Enter');
  const failure = page.getByRole('alert').filter({ hasText: 'Not sent.' });
  await failure.waitFor();
  await failure.getByRole('button', { name: 'Try again' }).click();
  await failure.waitFor();
  await failure.getByRole('button', { name: 'Discard' }).click();
  await failure.waitFor({ state: 'detached' });
  await text.fill('without');
  await page.keyboard.press('Enter');
  await page.getByText('Sent', { exact: true }).waitFor({ state: 'attached' });
});

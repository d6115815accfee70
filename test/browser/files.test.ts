import { eventually } from '@veche/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { devices, NARROW } from '../harness/browser';
import { Person } from '../harness/people';
import { download, upload } from '../harness/uploads';
import { sharedDoors } from '../harness/veche';
import type { Entry } from '../harness/wire';

const doors = sharedDoors();
const open = devices(() => doors);

const list = (page: Page): Locator => page.getByRole('log', { name: /^(Messages|Сообщения)$/ });
const last = (page: Page): Locator => list(page).locator('article').last();
/** What of a message is a picture that has come, and not what stands in its place. */
const drawn = (within: Locator): Locator => within.locator('img[src^="blob:"]');

const picture = (width: number, height: number, colour: string): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: colour } })
    .composite([
      {
        input: Buffer.from(
          `<svg width="${width}" height="${height}"><circle cx="50%" cy="50%" r="30%" fill="#ffd166"/></svg>`,
        ),
      },
    ])
    .jpeg()
    .toBuffer();

const animation = async (): Promise<Buffer> => {
  const frames = ['#f00', '#0f0', '#00f'].map((background) =>
    sharp({ create: { width: 200, height: 100, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif({ delay: 100 })
    .toBuffer();
};

/** A second of silence. */
const sound = (): Buffer => {
  const rate = 8_000;
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + rate, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(rate, 40);
  return Buffer.concat([head, Buffer.alloc(rate, 128)]);
};

const PAGE = '<!doctype html><script>alert(1)</script>';

const field = (page: Page): Locator => page.getByRole('textbox', { name: /^Write to/ });
const chips = (page: Page): Locator =>
  page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');

/** Files are dragged over the room, and let go there. */
const drop = async (
  page: Page,
  files: readonly (readonly [name: string, bytes: Buffer])[],
): Promise<void> => {
  const data = await page.evaluateHandle(
    (all) => {
      const transfer = new DataTransfer();
      for (const [name, text] of all) {
        const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
      }
      return transfer;
    },
    files.map(([name, bytes]) => [name, bytes.toString('base64')] as const),
  );
  await list(page).dispatchEvent('dragover', { dataTransfer: data });
  await page.getByText('Drop files here to attach them').waitFor();
  await list(page).dispatchEvent('drop', { dataTransfer: data });
};

/** The files of the newest message, as somebody gets them who is in the room. */
const filesOf = async (
  person: Person,
  roomId: string,
): Promise<(readonly [name: string, bytes: Buffer])[]> => {
  const { items } = await person.rest.get<{ items: Entry[] }>(`/rooms/${roomId}/messages`);
  const newest = items.toSorted((a, b) => a.seq - b.seq).at(-1) as {
    attachments?: { id: string; name: string }[];
  };
  return Promise.all(
    (newest.attachments ?? []).map(
      async ({ id, name }) => [name, (await download(person.rest, `/files/${id}/x`)).bytes] as const,
    ),
  );
};

const send = async (
  by: Person,
  roomId: string,
  text: string,
  files: readonly (readonly [name: string, bytes: Uint8Array])[],
): Promise<Entry> => {
  const attachmentIds: string[] = [];
  for (const [name, bytes] of files) attachmentIds.push((await upload(by.rest, name, bytes)).id);
  return by.rest.post(`/rooms/${roomId}/messages`, { text, clientId: randomUUID(), attachmentIds });
};

const two = async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  return { anna, boris, room: await anna.createRoom('private', [boris]) };
};

test('pictures stand in a place that they have at once, and nothing jumps when they come', async () => {
  const { anna, boris, room } = await two();
  await send(anna, room.id, 'the bridge', [['bridge.jpg', await picture(1200, 800, '#2a7f8f')]]);
  await send(anna, room.id, '', [
    ['one.jpg', await picture(600, 900, '#8f2a5c')],
    ['two.jpg', await picture(900, 600, '#2a3f8f')],
    ['moving.gif', await animation()],
  ]);
  const device = await open({ previews: true });
  const { page } = device;
  let come = (): void => undefined;
  const held = new Promise<void>((resolve) => (come = resolve));
  await page.route('**/thumbnail?*', async (route) => {
    await held;
    await route.continue();
  });
  await device.logIn(boris);
  await page.goto(`/rooms/${room.id}`);
  await last(page).locator('img').nth(2).waitFor();
  const heights = (): Promise<number[]> =>
    list(page)
      .locator('[data-index]')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  expect(await drawn(list(page)).count()).toBe(0);
  const before = await heights();
  come();
  await eventually(async () => (await drawn(list(page)).count()) === 4);
  const sizes = await eventually(async () => {
    const natural = await drawn(list(page)).evaluateAll((all) =>
      all.map((one) => (one as HTMLImageElement).naturalWidth),
    );
    return natural.every((width) => width > 0) && natural;
  });
  expect(sizes).toEqual([400, 267, 400, 200]);
  expect(await heights()).toEqual(before);
  await list(page).getByText('Photo: bridge.jpg').waitFor();
  // in the list of rooms in words
  await page.getByRole('link', { name: room.name }).getByText('3 photos').waitFor();
  expect(await device.barriers()).toEqual([]);
});

test('other files are cards, whatever they are called; what is saved is what was sent', async () => {
  const { anna, boris, room } = await two();
  const bytes = randomBytes(200_000);
  const name = `${'the minutes of a long meeting '.repeat(4).trim()}.pdf`;
  await send(anna, room.id, 'see', [
    [name, bytes],
    ['page.png', Buffer.from(PAGE)],
    ['\u05d7\u05e9\u05d1\u05d5\u05df.zip', Buffer.from('PK')],
  ]);
  const device = await open();
  const { page } = device;
  await device.logIn(boris);
  await page.goto(`/rooms/${room.id}`);
  const card = (called: string): Locator => last(page).getByRole('button', { name: `Download ${called}` });
  await card('page.png').waitFor();
  expect(await last(page).locator('img').count()).toBe(0);
  // cut, and its end is there
  const [stem, whole] = [card(name).locator('[title] > span'), card(name).locator('[title]')];
  expect(await stem.evaluate((it) => it.scrollWidth > it.clientWidth)).toBe(true);
  expect(await whole.evaluate((it) => it.scrollWidth <= it.clientWidth)).toBe(true);
  for (const [called, sent] of [
    [name, bytes],
    ['page.png', Buffer.from(PAGE)],
  ] as const) {
    const saved = page.waitForEvent('download');
    await card(called).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe(called);
    expect((await readFile(await download.path())).equals(sent)).toBe(true);
  }
  expect(new URL(page.url()).pathname).toBe(`/rooms/${room.id}`);
  expect(await device.barriers()).toEqual([]);
});

test('sound plays where it is, and what cannot be played is there to be saved', async () => {
  const { anna, boris, room } = await two();
  await send(anna, room.id, '', [['bell.wav', sound()]]);
  const broken = Buffer.concat([sound().subarray(0, 20), randomBytes(2_000)]);
  await send(anna, room.id, '', [['noise.wav', broken]]);
  const device = await open({ ...NARROW, touch: true, language: 'ru', scheme: 'dark' });
  const { page } = device;
  await device.logIn(boris);
  await page.goto(`/rooms/${room.id}`);
  const play = (name: string): Locator =>
    page.getByRole('button', { name: new RegExp(`^Воспроизвести ${name}`) });
  await play('bell').click();
  const audio = page.locator('audio');
  await eventually(() => audio.evaluate((it) => (it as HTMLAudioElement).ended));
  expect(await audio.evaluate((it) => (it as HTMLAudioElement).duration)).toBe(1);
  await play('noise').click();
  await page.getByRole('button', { name: /^Скачать noise.*Здесь не воспроизводится/ }).waitFor();
  expect(await device.barriers()).toEqual([]);
});

test('what a message brought goes with it, from every place that shows it', async () => {
  const { anna, boris, room } = await two();
  const { seq } = await send(anna, room.id, '', [['bridge.jpg', await picture(300, 200, '#2a7f8f')]]);
  await anna.rest.put(`/rooms/${room.id}/pins/${seq}`);
  const device = await open();
  const { page } = device;
  await device.logIn(boris);
  await page.goto(`/rooms/${room.id}`);
  await drawn(list(page)).waitFor();
  await page.getByRole('button', { name: 'Pinned messages' }).click();
  const pins = page.getByRole('complementary', { name: 'Pinned messages' });
  await pins.getByText('Photo', { exact: true }).waitFor();
  const answer = { text: 'I know it', clientId: randomUUID(), replyTo: seq };
  await boris.rest.post(`/rooms/${room.id}/messages`, answer);
  await last(page).getByRole('link', { name: 'Photo' }).waitFor();
  await anna.rest.delete(`/rooms/${room.id}/messages/${seq}`);
  await list(page).locator('article').first().getByText('This message was deleted').waitFor();
  await eventually(async () => (await page.getByText('Photo').count()) === 0);
  expect(await list(page).locator('img').count()).toBe(0);
});

test('a picture goes by the clipboard of one browser into the other', async () => {
  const { anna, boris, room } = await two();
  const pixels = randomBytes(300 * 200 * 3);
  const original = await sharp(pixels, { raw: { width: 300, height: 200, channels: 3 } })
    .png()
    .toBuffer();
  const [one, other] = [await open(), await open({ ...NARROW, scheme: 'dark', language: 'ru' })];
  await Promise.all([one.logIn(anna), other.logIn(boris)]);
  await Promise.all([one, other].map(({ page }) => page.goto(`/rooms/${room.id}`)));
  await one.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await field(one.page).click();
  await one.page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    await navigator.clipboard.write([
      new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) }),
    ]);
  }, original.toString('base64'));
  await one.page.keyboard.press('Control+v');
  await chips(one.page).getByText('image').waitFor();
  await one.page.keyboard.type('from the clipboard');
  await one.page.getByRole('button', { name: 'Send' }).and(one.page.locator(':enabled')).waitFor();
  expect(await one.barriers()).toEqual([]);
  await one.page.keyboard.press('Enter');
  await chips(one.page).waitFor({ state: 'detached' });
  const seen = drawn(last(other.page));
  await seen.waitFor();
  await eventually(() => seen.evaluate((it) => (it as HTMLImageElement).naturalWidth === 300));
  await last(other.page).getByText('from the clipboard').waitFor();
  const [[, got] = []] = await filesOf(boris, room.id);
  expect((await sharp(got).removeAlpha().raw().toBuffer()).equals(pixels)).toBe(true);
});

test('several files are dropped onto a room; one is given up, and the others are sent when they are there', async () => {
  const { anna, boris, room } = await two();
  const device = await open();
  const { page } = device;
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/api/v1/uploads/*', async (route) => {
    if (route.request().method() === 'PATCH') await held;
    await route.continue();
  });
  await device.logIn(anna);
  await page.goto(`/rooms/${room.id}`);
  await field(page).waitFor();
  const notes = randomBytes(100_000);
  await drop(page, [
    ['bridge.jpg', await picture(600, 400, '#2a7f8f')],
    ['notes.bin', notes],
    ['wrong.txt', Buffer.from('not this one')],
  ]);
  await eventually(async () => (await page.getByRole('progressbar').count()) === 3);
  await page.getByText('You can send this once all files are uploaded: 0 of 3').waitFor();
  const button = page.getByRole('button', { name: 'Send' });
  await field(page).fill('two of them');
  await page.keyboard.press('Enter');
  expect(await button.isDisabled()).toBe(true);
  const gone = page.waitForRequest((request) => request.method() === 'DELETE');
  await page.getByRole('button', { name: 'Remove wrong.txt' }).click();
  await gone;
  expect(await field(page).evaluate((it) => it === document.activeElement)).toBe(true);
  expect(await device.barriers()).toEqual([]);
  go();
  await button.and(page.locator(':enabled')).waitFor();
  await page.keyboard.press('Enter');
  await last(page).getByText('two of them').waitFor();
  await page.getByText('Sent', { exact: true }).waitFor({ state: 'attached' });
  await drawn(last(page)).waitFor();
  await last(page).getByRole('button', { name: 'Download notes.bin' }).waitFor();
  expect(await chips(page).count()).toBe(0);
  const got = await filesOf(boris, room.id);
  expect(got.map(([name]) => name)).toEqual(['bridge.jpg', 'notes.bin']);
  expect(got[1]?.[1].equals(notes)).toBe(true);
});

test('an upload goes on after the connection was lost, and is still there after one was elsewhere', async () => {
  const { anna, boris, room } = await two();
  const elsewhere = await anna.createRoom('private');
  const device = await open();
  const { page } = device;
  const parts: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') parts.push(Number(request.headers()['upload-offset']));
  });
  await device.logIn(anna);
  await page.goto(`/rooms/${room.id}`);
  await field(page).waitFor();
  const bytes = randomBytes(3_000_000);
  const first = page.waitForResponse((response) => response.request().method() === 'PATCH');
  const choosing = page.waitForEvent('filechooser');
  // by the keys alone
  await field(page).press('Tab');
  await page.keyboard.press('Enter');
  await (await choosing).setFiles({ name: 'long.bin', mimeType: 'application/octet-stream', buffer: bytes });
  await first;
  await page.context().setOffline(true);
  await page
    .getByText(/You are offline|Connection lost/)
    .first()
    .waitFor();
  await page.getByRole('link', { name: elsewhere.name }).click();
  await page.getByRole('textbox', { name: `Write to ${elsewhere.name}` }).waitFor();
  expect(await chips(page).count()).toBe(0);
  await page.context().setOffline(false);
  await page.getByRole('link', { name: room.name }).click();
  await chips(page).getByText('long').waitFor();
  await page.getByRole('button', { name: 'Send' }).and(page.locator(':enabled')).click({ timeout: 60_000 });
  await page.getByText('Sent', { exact: true }).waitFor({ state: 'attached' });
  // it did not begin anew
  expect(parts.filter((offset) => offset === 0)).toHaveLength(1);
  const [[name, got] = []] = await filesOf(boris, room.id);
  expect([name, got?.equals(bytes)]).toEqual(['long.bin', true]);
  device.problems.splice(0, Infinity, ...device.problems.filter((one) => !/WebSocket|ERR_/.test(one)));
});

test('why a file cannot be sent is said at it, and everything else can be', async () => {
  const { anna, room } = await two();
  const device = await open({ ...NARROW, touch: true });
  const { page } = device;
  await device.logIn(anna);
  await page.goto(`/rooms/${room.id}`);
  await field(page).waitFor();
  const whole = await picture(300, 200, '#123456');
  await drop(page, [['broken.jpg', whole.subarray(0, whole.length - 400)]]);
  const huge = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(100_000_001)], 'huge.bin'));
    return transfer;
  });
  await list(page).dispatchEvent('drop', { dataTransfer: huge });
  await chips(page).getByText('This picture is damaged').waitFor();
  await chips(page).getByText('Too large. A file can have at most 100 MB').waitFor();
  await page.getByText('Remove the files that failed').waitFor();
  expect(await device.barriers()).toEqual([]);
  for (const name of ['broken.jpg', 'huge.bin'])
    await page.getByRole('button', { name: `Remove ${name}` }).click();
  const ten = Array.from({ length: 11 }, (_, i) => [`${i}.txt`, Buffer.from('x')] as const);
  await drop(page, ten);
  await page.getByText('A message can have at most 10 files').waitFor();
  expect(await chips(page).count()).toBe(10);
  await page.getByRole('button', { name: 'Send' }).and(page.locator(':enabled')).click();
  await last(page).getByRole('button', { name: 'Download 9.txt' }).waitFor();
});

/** A room with three pictures, of which the last is larger than what is shown of it. */
const gallery = async () => {
  const { anna, boris, room } = await two();
  await send(anna, room.id, '', [
    ['one.jpg', await picture(500, 400, '#8f2a5c')],
    ['two.jpg', await picture(900, 600, '#2a3f8f')],
  ]);
  const last = await send(anna, room.id, 'the bridge', [['bridge.jpg', await picture(1200, 800, '#2a7f8f')]]);
  return { anna, boris, room, last };
};

test('by the keys alone one looks at pictures, one after the other and closer, and comes back', async () => {
  const { boris, room } = await gallery();
  const device = await open();
  const { page } = device;
  const { keyboard } = page;
  // nothing is fetched ahead then
  await page.addInitScript(() =>
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } }),
  );
  const scripts: string[] = [];
  page.on('request', (request) => scripts.push(request.url()));
  const hasViewer = (): boolean => scripts.some((url) => /\/viewer-[^/]*\.js$/.test(url));
  await device.logIn(boris);
  await page.goto(`/rooms/${room.id}`);
  await drawn(last(page)).waitFor();
  expect(hasViewer()).toBe(false);
  await list(page).focus();
  await keyboard.press('ArrowUp');
  const focused = (): Locator => page.locator(':focus');
  await eventually(async () => {
    await keyboard.press('Tab');
    return (await focused().textContent()) === 'Photo: bridge.jpg';
  });
  await keyboard.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'Photos of this room' });
  await viewer.getByText('3 of 3').waitFor();
  expect(hasViewer()).toBe(true);
  const shown = (name: string): Locator => viewer.getByRole('img', { name });
  const widthOf = async (name: string): Promise<number> => (await shown(name).boundingBox())?.width ?? 0;
  await shown('bridge.jpg').waitFor();
  expect(await shown('bridge.jpg').evaluate((it) => (it as HTMLImageElement).naturalWidth)).toBe(1200);
  expect(await device.barriers()).toEqual([]);
  if (process.env.SCREENS) await page.screenshot({ path: '/tmp/files-viewer.png' });
  const before = await widthOf('bridge.jpg');
  await keyboard.press('+');
  expect((await widthOf('bridge.jpg')) / before).toBeCloseTo(1.5);
  await keyboard.press('0');
  expect(await widthOf('bridge.jpg')).toBe(before);
  await keyboard.press('ArrowLeft');
  await shown('two.jpg').waitFor();
  await keyboard.press('ArrowLeft');
  await shown('one.jpg').waitFor();
  // there is none before it
  await keyboard.press('ArrowLeft');
  await viewer.getByText('1 of 3').waitFor();
  // no larger than it is
  expect(await widthOf('one.jpg')).toBe(500);
  // the keyboard stays in there
  for (let i = 0; i < 8; i++) await keyboard.press('Tab');
  expect(await viewer.locator(':focus').count()).toBe(1);
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowRight');
  const saved = page.waitForEvent('download');
  await viewer.getByRole('button', { name: 'Download bridge.jpg' }).click();
  const [[, bytes] = []] = await filesOf(boris, room.id);
  expect((await readFile(await (await saved).path())).equals(bytes!)).toBe(true);
  await keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  await eventually(async () => (await focused().textContent()) === 'Photo: bridge.jpg');
});

test('a finger leads from picture to picture, and looks closer; what is deleted meanwhile is gone from there', async () => {
  const { anna, boris, room, last: message } = await gallery();
  const device = await open({ ...NARROW, touch: true, scheme: 'dark', language: 'ru' });
  const { page } = device;
  await device.logIn(boris);
  await page.goto(`/rooms/${room.id}`);
  await drawn(last(page)).tap();
  const viewer = page.getByRole('dialog', { name: 'Фото в этой комнате' });
  await viewer.getByText('3 из 3').waitFor();
  const image = viewer.getByRole('img', { name: 'bridge.jpg' });
  await image.waitFor();
  const devtools = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]): Promise<unknown> =>
    devtools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: xs.map((x, id) => ({ x, y: 400, id })),
    });
  expect(await device.barriers()).toEqual([]);
  if (process.env.SCREENS) await page.screenshot({ path: '/tmp/files-viewer-narrow.png' });
  // two fingers go apart
  const before = (await image.boundingBox())?.width ?? 0;
  await touch('touchStart', 160, 200);
  for (const by of [10, 20, 40]) await touch('touchMove', 160 - by, 200 + by);
  await touch('touchEnd');
  await eventually(async () => ((await image.boundingBox())?.width ?? 0) > 2 * before);
  await page.getByRole('button', { name: 'Уменьшить' }).tap();
  await page.keyboard.press('0');
  await touch('touchStart', 100);
  for (const x of [140, 200, 260]) await touch('touchMove', x);
  await touch('touchEnd');
  await viewer.getByText('2 из 3').waitFor();
  await touch('touchStart', 260);
  for (const x of [200, 140, 100]) await touch('touchMove', x);
  await touch('touchEnd');
  await viewer.getByText('3 из 3').waitFor();
  await anna.rest.delete(`/rooms/${room.id}/messages/${message.seq}`);
  await viewer.waitFor({ state: 'detached' });
  expect(await drawn(list(page)).count()).toBe(2);
});

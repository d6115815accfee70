import { eventually } from '@veche/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { devices, NARROW } from '../harness/browser';
import { Person } from '../harness/people';
import { upload } from '../harness/uploads';
import { sharedDoors } from '../harness/veche';
import type { Entry } from '../harness/wire';

const doors = sharedDoors();
const open = devices(() => doors);

const list = (page: Page): Locator => page.getByRole('log', { name: 'Messages' });
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
  const device = await open();
  const { page } = device;
  let come = (): void => undefined;
  const held = new Promise<void>((resolve) => (come = resolve));
  await page.route('**/thumbnail?*', async (route) => {
    await held;
    await route.continue();
  });
  await page.addInitScript(() => localStorage.setItem('veche.preferences', '{"previews":true}'));
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

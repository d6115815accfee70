import { eventually } from '@veche/testing';
import { type Device, devices, NARROW } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

const goTo = async (device: Device, person: Person, path: string): Promise<void> => {
  await device.logIn(person);
  await device.page.goto(path);
};
const log = ({ page }: Device) => page.getByRole('log');
const chip = (device: Device, name: string | RegExp) => log(device).getByRole('button', { name });
const isPressed = (device: Device, name: string): Promise<string | null> =>
  chip(device, name).getAttribute('aria-pressed');

test('two react to a message, each sees who did, and one takes it back', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const [hisName, herName] = [boris.user.displayName, anna.user.displayName];
  const room = await anna.createRoom('private', [boris]);
  await boris.send(room.id, 'Who brings bread?');
  await boris.send(room.id, '🎉🎉');
  const [hers, phone] = [await open(), await open({ ...NARROW, scheme: 'dark', language: 'ru' })];
  await goTo(hers, anna, `/rooms/${room.id}`);
  await goTo(phone, boris, `/rooms/${room.id}`);
  const { page } = hers;

  await log(hers).getByText('Who brings bread?').hover();
  await page.getByRole('button', { name: 'React', exact: true }).click();
  await page.getByRole('toolbar', { name: 'Usual emoji' }).getByRole('button', { name: '👍' }).click();
  await chip(hers, '👍 1: You').waitFor();
  expect(await isPressed(hers, '👍 1: You')).toBe('true');
  await chip(phone, `👍 1: ${herName}`).waitFor();
  expect(await isPressed(phone, `👍 1: ${herName}`)).toBe('false');
  await chip(phone, `👍 1: ${herName}`).click();
  await chip(hers, `👍 2: You and ${hisName}`).waitFor();

  await log(phone).getByText('Who brings bread?').click();
  await phone.page.getByRole('button', { name: 'Отреагировать', exact: true }).click();
  await phone.page.getByRole('button', { name: 'Все эмодзи' }).click();
  await phone.page.getByRole('searchbox', { name: 'Найти эмодзи' }).fill('ракет');
  await phone.page.getByRole('region', { name: 'Найдено' }).getByRole('button', { name: 'ракета' }).waitFor();
  expect(await phone.barriers()).toEqual([]);
  await phone.page.keyboard.press('Enter');
  await chip(hers, `🚀 1: ${hisName}`).waitFor();

  await chip(hers, /^👍 2/).click();
  await chip(phone, '👍 1: Вы').waitFor();
  await log(hers).getByRole('button', { name: 'Add a reaction' }).click();
  await page.getByRole('toolbar', { name: 'Usual emoji' }).waitFor();
  expect(await hers.barriers()).toEqual([]);
  await page.keyboard.press('Escape');

  const size = (text: string): Promise<number> =>
    log(hers)
      .getByText(text)
      .evaluate((it) => Number.parseFloat(getComputedStyle(it).fontSize));
  expect(await size('🎉🎉')).toBeGreaterThan(1.5 * (await size('Who brings bread?')));
});

test('without a mouse: react, find another emoji, and take the only one back without losing one’s place', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const room = await anna.createRoom('private', [boris]);
  await boris.send(room.id, 'Who brings bread?');
  const hers = await open();
  await goTo(hers, anna, `/rooms/${room.id}`);
  const { page } = hers;
  const { keyboard } = page;
  const focused = (): Promise<string> =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
  const tabTo = async (name: RegExp, key = 'Tab'): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      if (name.test(await focused())) return;
      await keyboard.press(key);
    }
    throw new Error(`${key} never comes to ${name}`);
  };

  await log(hers).getByText('Who brings bread?').waitFor();
  await log(hers).focus();
  await keyboard.press('ArrowUp');
  await tabTo(/^React$/);
  await keyboard.press('Enter');
  await eventually(async () => (await focused()) === '👍');
  await keyboard.press('ArrowRight');
  expect(await focused()).toBe('❤️');
  await keyboard.press('Enter');
  await chip(hers, '❤️ 1: You').waitFor();

  await eventually(async () => (await focused()) === 'React');
  await tabTo(/^❤️ 1/, 'Shift+Tab');
  await keyboard.press('Space');
  await chip(hers, '❤️ 1: You').waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-seq'))).toBe(true);

  await tabTo(/^React$/);
  await keyboard.press('Enter');
  await eventually(async () => (await focused()) === '👍');
  await tabTo(/^All emoji$/, 'ArrowRight');
  await keyboard.press('Enter');
  await eventually(async () => (await focused()) === 'Find an emoji');
  await page.getByRole('button', { name: 'grinning face', exact: true }).waitFor();
  await keyboard.press('ArrowDown');
  const first = await focused();
  await keyboard.press('ArrowDown');
  expect(await focused()).not.toBe(first);
  await keyboard.press('ArrowUp');
  expect(await focused()).toBe(first);
  await keyboard.press('ArrowUp');
  await keyboard.type('bread');
  await page.getByRole('region', { name: 'Found' }).waitFor();
  await keyboard.press('ArrowDown');
  expect(await focused()).toBe('bread');
  await keyboard.press('Enter');
  await chip(hers, '🍞 1: You').waitFor();
});

test('the list keeps its place when reactions appear: at the end, and further up', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const room = await anna.createRoom('private', [boris]);
  let newest = 0;
  for (let i = 1; i <= 80; i++) newest = (await anna.send(room.id, `message ${i}`)).seq;
  const hers = await open();
  await goTo(hers, anna, `/rooms/${room.id}`);
  const react = (seq: number) =>
    boris.rest.put(`/rooms/${room.id}/messages/${seq}/reactions/${encodeURIComponent('👍')}`);
  const below = () => log(hers).evaluate((it) => it.scrollHeight - it.clientHeight - it.scrollTop);

  const last = log(hers).getByText('message 80', { exact: true });
  await last.waitFor();
  await eventually(async () => (await below()) < 2);
  const before = (await last.boundingBox())?.y ?? 0;
  await react(newest);
  await eventually(
    async () => ((await last.boundingBox())?.y ?? before) < before - 10 && (await below()) < 2,
  );

  await log(hers).hover();
  await hers.page.mouse.wheel(0, -700);
  await eventually(async () => (await below()) > 500);
  // down a little: while one goes up, the list lets what is above grow downwards
  await hers.page.mouse.wheel(0, 200);
  await eventually(async () => (await below()) < 600);
  const [above = 0, watched = 0] = await log(hers).evaluate((it) => {
    const { top } = it.getBoundingClientRect();
    const rows = [...it.querySelectorAll<HTMLElement>('[data-seq]')].sort(
      (a, b) => Number(a.dataset.seq) - Number(b.dataset.seq),
    );
    const hidden = rows.findLast((row) => row.getBoundingClientRect().bottom < top - 40);
    const seen = rows.find((row) => row.getBoundingClientRect().top > top + 100);
    return [Number(hidden?.dataset.seq), Number(seen?.dataset.seq)];
  });
  const row = (seq: number) => log(hers).locator(`[data-seq="${seq}"]`);
  const place = (await row(watched).boundingBox())?.y ?? 0;
  await react(above);
  await row(above).getByRole('button', { name: /^👍/ }).waitFor();
  await eventually(async () => Math.abs(((await row(watched).boundingBox())?.y ?? 0) - place) < 2);
});

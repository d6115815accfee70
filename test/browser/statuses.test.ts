import { eventually } from '@veche/testing';
import { devices, NARROW } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

test('what one says of oneself stands beside one’s name, until it is taken back', async () => {
  const [olga, anna] = [await Person.register(doors, 'olga'), await Person.register(doors, 'anna')];
  const room = await olga.createRoom('public', [anna]);
  await olga.send(room.id, 'good morning');
  await olga.rest.post('/rooms/direct', { userId: anna.id });
  const [hers, other] = [await open(), await open()];
  await hers.logIn(olga);
  await other.logIn(anna);
  await other.page.goto(`/rooms/${room.id}`);
  const { page } = hers;
  const edit = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'Set a status' }).click();
    await page.getByRole('dialog', { name: 'Your status' }).waitFor();
  };
  await edit();
  expect(await hers.barriers()).toEqual([]);
  await page.getByText('Do not disturb').click();
  await page.getByRole('button', { name: 'At lunch' }).click();
  await page.getByRole('button', { name: /Clear after/ }).click();
  await page.getByRole('option', { name: '30 minutes' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Your account' }).getByText('🍜 At lunch').waitFor();

  // in the list, in the card and among the members
  await other.page.getByRole('link', { name: olga.username }).getByText('At lunch').waitFor();
  await other.page.getByRole('log').getByRole('button', { name: olga.username }).first().click();
  const card = other.page.getByRole('dialog', { name: olga.username });
  await card.getByText('Do not disturb · 🍜 At lunch').waitFor();
  expect(await other.barriers()).toEqual([]);
  await other.page.keyboard.press('Escape');
  await other.page.getByRole('button', { name: '2 members' }).click();
  await other.page.getByRole('complementary', { name: 'Members' }).getByText('At lunch').waitFor();
  const { items } = await anna.rest.get<{ items: { availability: string; status?: { until?: string } }[] }>(
    `/users/presence?ids=${olga.id}`,
  );
  const left = Date.parse(items[0]?.status?.until ?? '') - Date.now();
  expect(items[0]?.availability).toBe('dnd');
  expect(left).toBeGreaterThan(25 * 60_000);
  expect(left).toBeLessThanOrEqual(30 * 60_000);

  await edit();
  await page.getByRole('button', { name: 'Clear status' }).click();
  await page.getByText('Online', { exact: true }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Your account' }).getByText(`@${olga.username}`).waitFor();
  await eventually(
    async () =>
      (await other.page.getByRole('link', { name: olga.username }).getByText('At lunch').count()) === 0,
  );
});

test('the status is set on a phone too, with any emoji', async () => {
  const olga = await Person.register(doors, 'olga');
  const device = await open({ ...NARROW, touch: true, scheme: 'dark' });
  const { page } = device;
  await device.logIn(olga);
  await page.reload();
  await page.getByRole('button', { name: 'Your account' }).tap();
  await page.getByRole('menuitem', { name: 'Set a status' }).tap();
  await page.getByLabel('What is happening?').fill('On the train');
  await page.getByRole('button', { name: 'Emoji', exact: true }).tap();
  await page.getByRole('searchbox').fill('locomotive');
  await page.getByRole('region', { name: 'Found' }).getByRole('button', { name: 'locomotive' }).tap();
  await page.getByRole('button', { name: 'Save' }).tap();
  await page.getByRole('button', { name: 'Your account' }).getByText('🚂 On the train').waitFor();
});

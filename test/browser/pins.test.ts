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

test('who owns a room pins a message; everybody finds it beside the room and goes there', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const room = await anna.createRoom('private', [boris]);
  await boris.send(room.id, 'The door code is on the fridge');
  const [hers, phone] = [await open(), await open({ ...NARROW, scheme: 'dark', language: 'ru' })];
  await goTo(hers, anna, `/rooms/${room.id}`);
  await goTo(phone, boris, `/rooms/${room.id}`);
  const { page } = hers;

  await phone.page.getByRole('button', { name: 'Закреплённые сообщения' }).click();
  const his = phone.page.getByRole('complementary', { name: 'Закреплённые сообщения' });
  await his.getByText('Здесь пока ничего не закреплено').waitFor();
  await log(hers).getByText('The door code').hover();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Pin' }).click();
  await log(hers).getByText(`Pinned by ${anna.user.displayName}`).waitFor();
  await his.getByText('The door code is on the fridge').waitFor();
  // a member may look, and not take it away
  expect(await his.getByRole('button', { name: 'Открепить' }).count()).toBe(0);
  expect(await phone.barriers()).toEqual([]);
  await his.getByRole('link').click();
  await phone.page.waitForURL(/\?at=\d+$/);

  await page.getByRole('button', { name: 'Pinned messages' }).click();
  const beside = page.getByRole('complementary', { name: 'Pinned messages' });
  await beside.getByText('The door code is on the fridge').waitFor();
  expect(await hers.barriers()).toEqual([]);
  await beside.getByRole('button', { name: 'Unpin' }).click();
  await beside.getByText('No pinned messages yet').waitFor();
  await log(hers).getByText('Pinned by').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await beside.waitFor({ state: 'detached' });
});

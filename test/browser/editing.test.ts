import { type Device, devices, NARROW } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Entry } from '../harness/wire';

const doors = sharedDoors();
const open = devices(() => doors);

const goTo = async (device: Device, person: Person, path: string): Promise<void> => {
  await device.logIn(person);
  await device.page.goto(path);
};
const log = ({ page }: Device) => page.getByRole('log', { name: 'Messages' });
const shows = (device: Device, text: string): Promise<void> =>
  log(device).getByText(text, { exact: true }).waitFor();
const gone = (device: Device, text: string): Promise<void> =>
  log(device).getByText(text, { exact: true }).waitFor({ state: 'detached' });

test('a message is mended from an empty composer, changed by its button, and taken back; the other sees it', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const room = await anna.createRoom('private', [boris]);
  const [hers, phone] = [await open(), await open(NARROW)];
  await goTo(hers, anna, `/rooms/${room.id}`);
  await goTo(phone, boris, `/rooms/${room.id}`);
  const { page } = hers;

  await page.getByRole('textbox', { name: /^Write to/ }).fill('Helo');
  await page.keyboard.press('Enter');
  await shows(phone, 'Helo');

  await page.getByRole('textbox', { name: /^Write to/ }).press('ArrowUp');
  const editor = page.getByRole('textbox', { name: 'Editing your message' });
  await editor.fill('Hello, Bros');
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: /^Write to/ }).press('ArrowUp');
  await editor.fill('Hello, Bros');
  await page.keyboard.press('Enter');
  await shows(phone, 'Hello, Bros');
  await log(phone).getByText('edited').waitFor();
  await gone(phone, 'Helo');

  await log(hers).getByText('Hello, Bros').hover();
  await page.getByRole('button', { name: 'Edit' }).click();
  await editor.fill('Hello, Boris');
  await page.getByRole('button', { name: 'Save' }).click();
  await shows(phone, 'Hello, Boris');

  // the list has its place again
  await page.getByRole('textbox', { name: /^Write to/ }).waitFor();
  await log(hers).getByText('Hello, Boris').hover();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const sure = page.getByRole('alertdialog', { name: 'Delete this message?' });
  await sure.getByRole('button', { name: 'Delete' }).click();
  await shows(phone, 'This message was deleted');
  await gone(phone, 'Hello, Boris');
});

test('who owns the room takes away what others say there, and changes nothing of it', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const room = await anna.createRoom('private', [boris]);
  const said = await boris.send(room.id, 'something rude');
  const phone = await open({ ...NARROW, touch: true });
  await goTo(phone, anna, `/rooms/${room.id}`);
  await log(phone).getByText('something rude').tap();
  expect(await phone.page.getByRole('group', { name: 'Message actions' }).count()).toBe(0);
  await phone.pressLong(log(phone).getByText('something rude'));
  const menu = phone.page.getByRole('menu', { name: 'Message actions' });
  await menu.waitFor();
  expect(await phone.barriers()).toEqual([]);
  expect(await menu.getByRole('menuitem').allTextContents()).toEqual([
    'React',
    'Reply',
    'Reply in thread',
    'Pin',
    'Mark unread from here',
    'Copy text',
    'Copy link',
    'Delete',
  ]);
  await menu.getByRole('menuitem', { name: 'Delete' }).tap();
  await phone.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await shows(phone, 'This message was deleted');
  expect(await boris.rest.get<Entry>(`/rooms/${room.id}/messages/${said.seq}`)).toMatchObject({ text: '' });
});

test('an answer shows what it answers, leads there, and stays when that is taken back', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const room = await anna.createRoom('private', [boris]);
  const asked = await boris.send(room.id, 'Who brings bread?');
  const hers = await open();
  const phone = await open(NARROW);
  await goTo(hers, anna, `/rooms/${room.id}`);
  await goTo(phone, boris, `/rooms/${room.id}`);
  await log(hers).getByText('Who brings bread?').hover();
  await hers.page.getByRole('button', { name: 'Reply', exact: true }).click();
  await hers.page.getByText(`Replying to ${boris.user.displayName}`).waitFor();
  await hers.page.getByRole('textbox', { name: /^Write to/ }).fill('I do');
  await hers.page.keyboard.press('Enter');
  await shows(phone, 'I do');
  const quote = log(phone).getByTitle(`In reply to ${boris.user.displayName}: show that message`);
  await quote.click();
  await phone.page.waitForURL((url) => url.searchParams.get('at') === String(asked.seq));
  await boris.rest.delete(`/rooms/${room.id}/messages/${asked.seq}`);
  await quote.getByText('This message was deleted').waitFor();
  await shows(phone, 'I do');
});

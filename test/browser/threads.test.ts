import { randomUUID } from 'node:crypto';
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
const panel = ({ page }: Device) => page.getByRole('complementary', { name: 'Thread', exact: true });
const reply = (who: Person, roomId: string, threadSeq: number, text: string, alsoInRoom = false) =>
  who.rest.post<Entry>(`/rooms/${roomId}/messages`, { text, clientId: randomUUID(), threadSeq, alsoInRoom });

test('a thread is begun, read and written beside the room, and shown in it where that is wished', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const room = await anna.createRoom('private', [boris]);
  const { seq } = await anna.send(room.id, 'What shall we eat?');
  const [hers, his] = [await open(), await open()];
  await goTo(hers, anna, `/rooms/${room.id}`);
  await goTo(his, boris, `/rooms/${room.id}`);

  await log(his).getByText('What shall we eat?').hover();
  await his.page.getByRole('button', { name: 'Reply in thread' }).click();
  await his.page.waitForURL(new RegExp(`thread=${seq}$`));
  const field = panel(his).getByRole('textbox', { name: 'Reply in this thread' });
  await field.fill('Soup');
  await field.press('Enter');
  await panel(his).getByText('Soup').waitFor();
  await field.fill('Soup for everyone');
  await panel(his).getByRole('checkbox', { name: 'Also send to the room' }).check();
  await field.press('Enter');
  await panel(his).getByText('Soup for everyone').waitFor();
  expect(await his.barriers()).toEqual([]);
  // the room shows what is for it, and says where that comes from
  const shown = log(his).getByRole('article').filter({ hasText: 'Soup for everyone' });
  await shown.getByText('Replied in a thread').waitFor();
  expect(await log(his).getByText('Soup', { exact: true }).count()).toBe(0);

  const bar = log(hers).getByRole('link', { name: '2 replies' });
  await bar.getByText('2 unread replies').waitFor({ state: 'attached' });
  const threads = hers.page.getByRole('link', { name: /^Threads/ });
  await threads.getByText('2 unread messages').waitFor({ state: 'attached' });
  await threads.click();
  await hers.page.getByRole('heading', { name: 'Threads', level: 1 }).waitFor();
  expect(await hers.barriers()).toEqual([]);
  await hers.page
    .getByRole('main')
    .getByRole('link', { name: /What shall we eat/ })
    .click();
  await panel(hers).getByText('Soup', { exact: true }).waitFor();
  // read, on every device
  await threads.getByText('2 unread messages').waitFor({ state: 'detached' });
  await panel(hers).getByRole('button', { name: 'Following' }).click();
  await panel(hers).getByRole('button', { name: 'Follow thread' }).waitFor();
  // the last of one's own is taken up again by the arrow up
  const answer = panel(hers).getByRole('textbox', { name: 'Reply in this thread' });
  await answer.fill('No sou');
  await answer.press('Enter');
  // with a number: until then there is nothing that could be mended
  await panel(hers).locator('[data-seq]').filter({ hasText: 'No sou' }).waitFor();
  await answer.press('ArrowUp');
  const editing = panel(hers).getByRole('textbox', { name: 'Editing your message' });
  await editing.fill('No soup');
  await editing.press('Enter');
  await panel(his).getByText('No soup', { exact: true }).waitFor();
  await log(his).getByRole('link', { name: '3 replies' }).waitFor();

  await panel(hers).press('Escape');
  await panel(hers).waitFor({ state: 'detached' });
  expect(new URL(hers.page.url()).search).toBe('');
});

test('a link leads to a reply, on a phone and in Russian, and keys do what a menu does', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const room = await anna.createRoom('private', [boris]);
  const { seq } = await anna.send(room.id, 'What shall we eat?');
  const { seq: wanted } = await reply(boris, room.id, seq, 'Soup');
  const [phone, hers] = [await open({ ...NARROW, scheme: 'dark', language: 'ru' }), await open()];
  await goTo(phone, boris, `/rooms/${room.id}?at=${wanted}`);
  await phone.page.waitForURL(new RegExp(`thread=${seq}&at=${wanted}$|at=${wanted}&thread=${seq}$`));
  const beside = phone.page.getByRole('complementary', { name: 'Обсуждение' });
  await beside.getByText('Soup').waitFor();
  expect(await phone.barriers()).toEqual([]);
  await beside.getByRole('button', { name: 'Закрыть' }).click();
  await phone.page.getByRole('link', { name: '1 ответ' }).waitFor();

  await goTo(hers, anna, `/rooms/${room.id}`);
  await log(hers).getByRole('link', { name: '1 reply' }).waitFor();
  await log(hers).press('ArrowUp');
  await hers.page.keyboard.press('t');
  await panel(hers).getByText('Soup').waitFor();
  await panel(hers).getByRole('log', { name: 'Replies' }).press('ArrowUp');
  await hers.page.keyboard.press('a');
  await hers.page.getByRole('dialog').waitFor();
  await hers.page.keyboard.press('Escape');
  await panel(hers).getByText('Soup').waitFor();
});

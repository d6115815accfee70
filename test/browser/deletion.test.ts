import { devices } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

test('somebody deletes their account, and others see that it is gone', async () => {
  const [person, other] = [await Person.register(doors, 'leaving'), await Person.register(doors, 'staying')];
  const room = await person.createRoom('private', [other]);
  await person.send(room.id, 'a secret');
  await other.send(room.id, 'a reply');
  const direct = await other.rest.post<{ id: string }>('/rooms/direct', { userId: person.id });
  const [theirs, others] = [await open(), await open()];
  await others.logIn(other);
  await others.page.goto(`/rooms/${room.id}`);
  const log = others.page.getByRole('main');
  await log.getByText('a secret').waitFor();

  await theirs.logIn(person);
  await theirs.page.goto('/settings/profile');
  await theirs.page.getByRole('button', { name: 'Delete account' }).click();
  const dialog = theirs.page.getByRole('alertdialog', { name: 'Delete your account?' });
  expect(await theirs.barriers()).toEqual([]);
  await dialog.getByLabel('Password', { exact: true }).fill('not the password');
  await theirs.page.keyboard.press('Enter');
  await dialog.getByRole('alert').getByText('Wrong name or password.').waitFor();
  await dialog.getByLabel('Password', { exact: true }).fill(person.password);
  await dialog.getByRole('button', { name: 'Delete permanently' }).click();
  await theirs.page.waitForURL('**/login*');
  await theirs.page.getByText('Your account and all of its data were deleted.').waitFor();

  await log.getByText('This message was deleted').waitFor();
  await log.getByText('An account and its messages were deleted').waitFor();
  await log.getByText('Deleted user', { exact: true }).first().waitFor();
  expect(await log.getByText('a secret').count()).toBe(0);
  expect(await log.getByText('a reply').count()).toBe(1);
  expect(await others.barriers()).toEqual([]);
  await others.page.goto(`/rooms/${direct.id}`);
  await log.getByText('so nobody would read your messages.').waitFor();
  expect(await log.getByRole('textbox').count()).toBe(0);
});

test('who logs out is not told that their session was ended', async () => {
  const person = await Person.register(doors);
  const device = await open();
  await device.logIn(person);
  const { page } = device;
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByLabel('Username or email').waitFor();
  expect(await page.getByText('This session was ended').count()).toBe(0);
});

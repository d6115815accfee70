import { devices, NARROW } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

test('who has left a room is asked back beside their rooms, and answers there', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const [stays, goes] = [
    await anna.createRoom('private', [boris]),
    await anna.createRoom('private', [boris]),
  ];
  for (const { id } of [stays, goes]) await boris.rest.post(`/rooms/${id}/leave`);
  const [hers, phone] = [await open(), await open({ ...NARROW, scheme: 'dark', language: 'ru' })];
  await hers.logIn(anna);
  await phone.logIn(boris);
  await phone.page.goto('/');

  for (const { id } of [stays, goes]) {
    await hers.page.goto(`/rooms/${id}`);
    await hers.page.getByRole('button', { name: '1 member' }).click();
    await hers.page.getByRole('button', { name: 'Invite people' }).click();
    await hers.page.getByRole('dialog').getByRole('searchbox').fill(boris.user.username);
    await hers.page.getByRole('option', { name: boris.user.displayName }).click();
    await hers.page.getByText('is asked to come back').first().waitFor();
    await hers.page.keyboard.press('Escape');
  }
  const asked = phone.page.getByRole('region', { name: 'Приглашения' });
  await asked.getByText(stays.name ?? '').waitFor();
  await asked.getByText(goes.name ?? '').waitFor();
  await asked.getByText(`${anna.user.displayName} зовёт вас обратно`).first().waitFor();
  expect(await phone.barriers()).toEqual([]);
  await asked.getByRole('button', { name: `Не возвращаться в «${goes.name}»` }).click();
  await asked.getByText(goes.name ?? '').waitFor({ state: 'detached' });
  await asked.getByRole('button', { name: `Вернуться в «${stays.name}»` }).click();
  await phone.page.waitForURL(`**/rooms/${stays.id}`);
  await phone.page.getByRole('log').waitFor();
  await asked.waitFor({ state: 'detached' });
  expect(await boris.rest.get('/users/me/invitations')).toEqual({ items: [] });
});

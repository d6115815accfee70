import { devices } from '../harness/browser';
import { Person, register, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

test('a private room begins with the people named when it is made, and says who is no more', async () => {
  const [anna, boris, vera, gleb] = (await register(doors, 'anna', 'boris', 'vera', 'gleb')) as [
    Person,
    Person,
    Person,
    Person,
  ];
  const device = await open();
  await device.logIn(anna);
  const { page } = device;
  await page.goto('/');
  await page.getByRole('button', { name: 'New room or conversation' }).click();
  await page.getByRole('menuitem', { name: 'New room' }).click();
  const dialog = page.getByRole('dialog', { name: 'New room' });
  const name = unique('by-invitation');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByText('By invitation').click();

  const search = dialog.getByRole('searchbox', { name: 'Add people' });
  const list = dialog.getByRole('listbox');
  expect((await list.boundingBox())?.height ?? 0).toBe(0);
  await search.fill(anna.username);
  expect(await list.getByRole('option', { name: anna.username }).getAttribute('aria-disabled')).toBe('true');
  for (const person of [boris, vera, gleb]) {
    await search.fill(person.username);
    await list.getByRole('option', { name: person.username }).click();
    expect(await search.inputValue()).toBe('');
  }
  const chosen = dialog.getByRole('grid', { name: 'Chosen people' });
  await chosen.getByRole('row', { name: vera.username }).getByRole('button', { name: 'Remove' }).click();
  expect(await device.barriers()).toEqual([]);

  await gleb.rest.request('DELETE', '/users/me', { body: { password: gleb.password } });
  await dialog.getByRole('button', { name: 'Create room' }).click();
  await dialog.getByRole('alert').getByText(`No longer on this server: ${gleb.username}`).waitFor();
  expect(await chosen.getByRole('row').count()).toBe(1);
  await dialog.getByRole('button', { name: 'Create room' }).click();
  await page.waitForURL('**/rooms/*');

  const id = page.url().split('/').at(-1);
  const members = await boris.rest.get<{ items: { userId: string }[] }>(`/rooms/${id}/members`);
  expect(members.items.map(({ userId }) => userId).sort()).toEqual([anna.id, boris.id].sort());
  await page.getByRole('log', { name: 'Messages' }).getByText(`invited ${boris.username}`).waitFor();
});

import { devices } from '../harness/browser';
import { Person, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

const called = async (displayName: string): Promise<Person> => {
  const person = await Person.register(doors);
  person.user = await person.rest.patch('/users/me', { displayName });
  return person;
};

test('two of one name in a room are told apart wherever they speak, and a click shows who one is', async () => {
  const anna = unique('Anna').replace('-', ' ');
  const [first, second, boris] = [await called(anna), await called(anna), await called('Boris')];
  await second.rest.patch('/users/me', { bio: 'Keeps the bees' });
  const room = await boris.createRoom('private', [first, second]);
  for (const person of [first, second, boris]) await person.send(room.id, `said by ${person.username}`);
  const device = await open();
  await device.logIn(boris);
  const { page } = device;
  await page.goto(`/rooms/${room.id}`);
  const message = (person: Person) =>
    page
      .getByRole('log')
      .locator('article')
      .filter({ hasText: `said by ${person.username}` });
  for (const person of [first, second])
    await message(person)
      .getByRole('button', { name: `${anna} @${person.username}` })
      .waitFor();
  await message(boris).getByRole('button', { name: 'Boris', exact: true }).waitFor();
  await message(second).getByRole('button', { name: anna }).click();
  const card = page.getByRole('dialog', { name: anna });
  await card.getByText(`@${second.username}`).waitFor();
  await card.getByText('Keeps the bees').waitFor();
  expect(await device.barriers()).toEqual([]);
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });

  await message(second).getByRole('button', { name: anna }).click();
  await card.getByRole('button', { name: 'Message privately' }).click();
  await page.getByRole('textbox', { name: `Write to ${anna} (@${second.username})` }).waitFor();
});

test('people are found by any word of their names, whatever its accents', async () => {
  const mark = unique('x').slice(2);
  const boris = await called('Boris');
  await called(`Günter Müller ${mark}`);
  await called(`Анна Карпова ${mark}`);
  const device = await open();
  await device.logIn(boris);
  const { page } = device;
  await page.getByRole('button', { name: 'New room or conversation' }).click();
  await page.getByRole('menuitem', { name: 'New conversation' }).click();
  const search = page.getByRole('searchbox').last();
  for (const [text, name] of [
    [`muller ${mark}`, `Günter Müller ${mark}`],
    [`карпова ${mark}`, `Анна Карпова ${mark}`],
  ] as const) {
    await search.fill(text);
    await page.getByRole('option', { name }).waitFor();
  }
});

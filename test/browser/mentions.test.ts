import { eventually } from '@veche/testing';
import { devices } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

test('somebody is found by a part of their name, called, and sees that; who is not there is brought in', async () => {
  const [anna, boris, clara] = [
    await Person.register(doors, 'anna'),
    await Person.register(doors, 'boris'),
    await Person.register(doors, 'clara'),
  ];
  const name = `Zoë ${boris.username}`;
  await boris.rest.patch('/users/me', { displayName: name });
  const room = await anna.createRoom('private', [boris]);
  const quiet = await boris.createRoom('private', [anna]);
  const hers = await open();
  const his = await open();
  await his.logIn(boris);
  await his.page.goto(`/rooms/${quiet.id}`);
  await his.page.getByRole('textbox', { name: /^Write to/ }).waitFor();
  await hers.logIn(anna);
  await hers.page.goto(`/rooms/${room.id}`);
  const field = hers.page.getByRole('textbox', { name: /^Write to/ });
  await field.waitFor();

  await hers.page.keyboard.type('hello @zoe');
  const options = hers.page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
  await options.filter({ hasText: name }).waitFor();
  const described = await field.getAttribute('aria-activedescendant');
  expect(await hers.page.locator(`[id="${described}"]`).textContent()).toContain(name);
  expect(await hers.barriers()).toEqual([]);
  await hers.page.keyboard.press('Enter');
  expect(await field.inputValue()).toBe(`hello @${boris.username} `);
  await hers.page.keyboard.press('Enter');
  const link = his.page.getByRole('link', { name: room.name });
  await link.getByText('1 unread message, 1 mention of you').waitFor({ state: 'attached' });
  await eventually(async () => (await his.page.title()).startsWith('(1) '));
  await anna.send(room.id, 'by the way');
  await link.getByText('2 unread messages, 1 mention of you').waitFor({ state: 'attached' });

  await link.click();
  const chip = his.page.getByRole('log', { name: 'Messages' }).getByRole('button', { name: `@${name}` });
  await chip.click();
  await his.page.getByRole('dialog').getByText(`@${boris.username}`, { exact: true }).waitFor();
  await his.page.keyboard.press('Escape');
  await eventually(async () => !/^[(•]/.test(await his.page.title()));

  await field.fill(`and @${clara.username} too`);
  await hers.page.keyboard.press('Escape');
  await field.press('Enter');
  await hers.page.getByText(`${clara.username}: not in this room, so not notified.`).waitFor();
  await hers.page.getByRole('status').getByRole('button', { name: 'Invite people' }).click();
  await eventually(async () => (await anna.log(room.id)).some(({ userId }) => userId === clara.id));

  await boris.send(quiet.id, 'something');
  const dot = hers.page
    .getByRole('link', { name: quiet.name })
    .getByText('1 unread message', { exact: true });
  await dot.waitFor({ state: 'attached' });
  await eventually(async () => (await hers.page.title()).startsWith('• '));

  await hers.page.keyboard.type('see #');
  await options.filter({ hasText: quiet.name ?? '' }).click();
  expect(await field.inputValue()).toBe(`see #${quiet.name} `);
  await hers.page.keyboard.press('Enter');
  await his.page
    .getByRole('log', { name: 'Messages' })
    .getByRole('link', { name: `#${quiet.name}` })
    .click();
  await his.page.waitForURL(`**/rooms/${quiet.id}`);
  if (process.env.SCREENS) {
    await hers.page.screenshot({ path: '/tmp/mentions-hers.png' });
    await his.page.goto(`/rooms/${room.id}`);
    await chip.waitFor();
    await his.page.screenshot({ path: '/tmp/mentions-his.png' });
    await his.page.emulateMedia({ colorScheme: 'dark' });
    await field.fill('@');
    await hers.page.setViewportSize({ width: 390, height: 700 });
    await hers.page.screenshot({ path: '/tmp/mentions-narrow.png' });
    await his.page.screenshot({ path: '/tmp/mentions-dark.png' });
  }
});

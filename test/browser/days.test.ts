import { devices } from '../harness/browser';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const open = devices(() => doors);

const DAY_MS = 24 * 60 * 60_000;

/** Where it is another day than in Greenwich, at any hour: in the east until ten in the morning there, then in the west. */
const elsewhere = (): string => (new Date().getUTCHours() >= 10 ? 'Pacific/Kiritimati' : 'Pacific/Pago_Pago');

test('a day is that of whoever reads, and midnight is noticed while a page stays open', async () => {
  const person = await Person.register(doors);
  const room = await person.createRoom('private');
  const { at } = await person.send(room.id, 'said today');
  const timezone = elsewhere();
  const device = await open({ timezone });
  const { page } = device;
  await page.clock.install({ time: new Date(at) });
  await device.logIn(person);
  await page.getByRole('link', { name: room.name }).click();
  const day = page.getByRole('log', { name: 'Messages' }).locator('time').first();
  await day.getByText('Today').or(day).waitFor();
  expect(await day.textContent()).toBe('Today');
  // en-CA writes a day as machines do
  const local = new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(new Date(at));
  expect(await day.getAttribute('datetime')).toBe(local);
  expect(local).not.toBe(at.slice(0, 10));

  await page.clock.fastForward(DAY_MS);
  await page.getByRole('log', { name: 'Messages' }).getByText('Yesterday', { exact: true }).waitFor();
  await page.getByText('This is the very beginning. Yesterday').waitFor();
});

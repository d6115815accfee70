// npm run screens: every page of the web client, light, dark and narrow, into docs/screens. For people to look at.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Device, openBrowser, type View } from '../harness/browser';
import { buildWhenStale, ROOT } from '../harness/build';
import { Veche } from '../harness/veche';

const FOLDER = join(ROOT, 'docs/screens');
const PASSWORD = 'veche demo';
const VIEWS: Record<string, View> = {
  light: {},
  dark: { scheme: 'dark' },
  narrow: { width: 390, height: 780 },
};

type Shot = [name: string, go: (page: Page) => Promise<unknown>];

const to = (path: string) => (page: Page) => page.goto(path);
/** A room by its name: the list is what one sees first, also on a phone. */
const room = (name: string) => async (page: Page) => {
  await page.goto('/');
  await page.locator('nav a').filter({ hasText: name }).click();
  await page.locator('article').first().waitFor();
};
const create = (item: string) => async (page: Page) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'New room or conversation' }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

const GUEST: Shot[] = [
  ['login', to('/login')],
  [
    'register',
    async (page) => {
      await page.goto('/register');
      await page.getByLabel('Username').fill('9lives');
      await page.getByLabel('Email').focus();
    },
  ],
];
const MEMBER: Shot[] = [
  ['rooms', to('/')],
  [
    'room',
    async (page) => {
      await room('Bridge builders')(page);
      await page.getByText('Mine is thirty ells').last().waitFor();
      await page.getByRole('log', { name: 'Messages' }).evaluate((log) => log.scrollTo(0, log.scrollHeight));
    },
  ],
  ['history', room('The square')],
  ['conversation', room('Boris')],
  [
    'members',
    async (page) => {
      await room('The square')(page);
      await page.getByRole('button', { name: '5 members' }).click();
      await page.locator('aside li').nth(4).waitFor();
    },
  ],
  ['browse', to('/browse')],
  [
    'new-room',
    async (page) => {
      await create('New room')(page);
      await page.getByLabel('Name').fill('Winter stores');
      await page.getByText('By invitation').click();
      const people = page.getByRole('searchbox');
      await people.fill('gleb');
      await page.getByRole('option', { name: 'Gleb' }).click();
      await people.fill('d');
      await page.getByRole('option', { name: 'Dasha' }).waitFor();
    },
  ],
  [
    'new-conversation',
    async (page) => {
      await create('New conversation')(page);
      await page.keyboard.type('d');
      await page.getByRole('option').first().waitFor();
    },
  ],
  [
    'switcher',
    async (page) => {
      await page.goto('/');
      await page.locator('nav a').first().waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('option').first().waitFor();
    },
  ],
  ['profile', to('/settings/profile')],
  ['password', to('/settings/password')],
  ['sessions', to('/settings/sessions')],
  ['preferences', to('/settings/preferences')],
  ['admin-users', to('/admin/users')],
  ['admin-rooms', to('/admin/rooms')],
  ['admin-api-keys', to('/admin/api-keys')],
  ['not-found', to('/nowhere')],
];

/** What is still on its way would be in the picture. */
const settled = async (page: Page): Promise<void> => {
  // where it points at nothing
  await page.mouse.move(0, 0);
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
};

const main = async (): Promise<void> => {
  buildWhenStale();
  const veche = await Veche.start('embedded');
  const browser = await openBrowser();
  try {
    const [gateway = ''] = veche.doors.gateways;
    spawnSync(process.execPath, [join(ROOT, 'scripts/seed.mjs'), gateway], { stdio: 'inherit' });
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    for (const [view, size] of Object.entries(VIEWS)) {
      const device = await Device.open(browser, veche.doors, size);
      const take = async (shots: Shot[]): Promise<void> => {
        for (const [name, go] of shots) {
          await go(device.page);
          await settled(device.page);
          await device.page.screenshot({ path: join(FOLDER, `${name}.${view}.png`) });
        }
      };
      await take(GUEST);
      await device.logIn({ username: 'anna', password: PASSWORD });
      await take(MEMBER);
      if (device.problems.length > 0) throw new Error(device.problems.join('\n'));
      await device.close();
    }
  } finally {
    await browser.close();
    await veche.destroy();
  }
};

void main();

import axe from 'axe-core';
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { nextGateway, type Person } from './people';
import type { Doors } from './veche';

/** Where packages put it; first the one that has no windows, and needs less for that. CHROMIUM names another one. */
const CHROMIUM = [
  process.env.CHROMIUM,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));
/** How long a page may take on a machine that servers, the browser and the tests share. */
const PATIENCE_MS = 30_000;
const TEST_MS = 120_000;

/** The browser of the machine, without a window. Nothing is downloaded. */
export const openBrowser = (): Promise<Browser> => {
  if (!CHROMIUM) throw new Error('there is no Chromium: install the package chromium, or set CHROMIUM');
  // its sandbox does not work for root, who runs the tests in containers
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: CHROMIUM, args });
};

export interface View {
  language?: 'en' | 'ru';
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
  /** Instead of the machine's. */
  timezone?: string;
  /** Whether one touches it, as a phone or a tablet. */
  touch?: boolean;
  /** Whether the list of rooms says what was said last. */
  previews?: boolean;
  /** Instead of the next one. */
  gateway?: string;
}

/** A phone, upright. */
export const NARROW: View = { width: 360, height: 740 };

/** One browser profile at one gateway: what one person has before them, in one tab unless more are opened. */
export class Device {
  /** What nobody wants to see: errors of scripts, refusals of the page's policy, failures of the server. */
  readonly problems: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(browser: Browser, doors: Doors, view: View = {}): Promise<Device> {
    const {
      language = 'en',
      scheme = 'light',
      width = 1280,
      height = 800,
      timezone,
      touch = false,
      previews = false,
      gateway = nextGateway(doors),
    } = view;
    const context = await browser.newContext({
      baseURL: gateway,
      locale: { en: 'en-GB', ru: 'ru-RU' }[language],
      colorScheme: scheme,
      ...(timezone && { timezoneId: timezone }),
      viewport: { width, height },
      hasTouch: touch,
      isMobile: touch,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    if (previews)
      await context.addInitScript(() => localStorage.setItem('veche.preferences', '{"previews":true}'));
    const device = new Device(context, await context.newPage());
    context.on('weberror', (error) => device.problems.push(String(error.error().stack)));
    context.on('console', (message) => {
      // a refusal of the server, or no connection, is shown by the page, and not a problem of it
      if (
        message.type() === 'error' &&
        !/^Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(message.text())
      )
        device.problems.push(message.text());
    });
    context.on('response', (response) => {
      if (response.status() >= 500) device.problems.push(`${response.status()} ${response.url()}`);
    });
    return device;
  }

  /** One more tab of the same browser profile. */
  async tab(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(path);
    return page;
  }

  /** Logs in on the page that is for it, and waits for what comes after. */
  async logIn({ username, password }: Pick<Person, 'username' | 'password'>): Promise<void> {
    const { page } = this;
    if (!new URL(page.url(), 'http://nowhere').pathname.startsWith('/login')) await page.goto('/login');
    await page.locator('input[name=login]').fill(username);
    await page.locator('input[name=password]').fill(password);
    await page.locator('form button[type=submit]').click();
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  }

  /** A finger that stays on something until it has a menu, as the browser itself hears of it. */
  async pressLong(target: Locator): Promise<void> {
    await target.scrollIntoViewIfNeeded();
    const box = await target.boundingBox();
    if (!box) throw new Error('it is not in sight');
    const devtools = await this.context.newCDPSession(this.page);
    const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
    await this.page.locator('[role=menu]').waitFor();
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await devtools.detach();
  }

  /** What a machine can find of what keeps people out (WCAG 2.2 AA, and best practices), rule by rule. */
  async barriers(): Promise<string[]> {
    // evaluated, and not put into the page: its policy would refuse a script
    await this.page.evaluate(axe.source);
    const found = await this.page.evaluate(() =>
      // what React Aria announces stays for seconds, and may be named by a button that has gone
      (window as unknown as { axe: typeof axe }).axe.run({ exclude: '[data-live-announcer]' }),
    );
    return found.violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n  ${nodes.map(({ html }) => html.slice(0, 200)).join('\n  ')}`,
    );
  }

  /** What each of its tabs shows, for whoever asks why a test failed. */
  async look(): Promise<string> {
    const pages = this.context.pages().map(async (page) => {
      const text = await page.locator('body').innerText({ timeout: 1000 }).catch(String);
      return `${page.url()}\n${text.replace(/^/gm, '  | ')}`;
    });
    return (await Promise.all(pages)).join('\n');
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

/**
 * The devices of a suite, at doors that may be opened before its tests only: one browser for all, each closed after
 * its test, which fails where one met a problem.
 */
export const devices = (doors: () => Doors): ((view?: View) => Promise<Device>) => {
  // on a machine that others keep busy too
  jest.setTimeout(TEST_MS);
  let browser: Browser;
  let opened: Device[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    const problems = opened.flatMap((device) => device.problems);
    if ((globalThis as { testHasFailed?: boolean }).testHasFailed)
      for (const device of opened) process.stderr.write(`\nwas on a screen:\n${await device.look()}\n`);
    await Promise.all(opened.map((device) => device.close()));
    opened = [];
    expect(problems).toEqual([]);
  });
  afterAll(() => browser.close());
  return async (view) => {
    const device = await Device.open(browser, doors(), view);
    opened.push(device);
    return device;
  };
};

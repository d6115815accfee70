import { createSession } from '@veche/client';
import { eventually, freePort } from '@veche/testing';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../harness/browser';
import { ROOT } from '../harness/build';
import { Link } from '../harness/link';
import { Person } from '../harness/people';
import { shapeOfRun, Veche } from '../harness/veche';

const FILES: Record<string, string> = {
  '/sdk.mjs': join(ROOT, 'dist/client/index.mjs'),
  '/io.mjs': join(ROOT, 'node_modules/socket.io-client/dist/socket.io.esm.min.js'),
};
const IMPORTS = `<!doctype html><meta charset="utf-8" /><script type="importmap">
  { "imports": { "@veche/client": "/sdk.mjs", "socket.io-client": "/io.mjs" } }</script>`;

let veche: Veche;
let link: Link;
let site: Server;
let origin: string;
let url: string;
let browser: Browser;
let context: BrowserContext;
let olga: Person;
let session: ReturnType<typeof createSession>;
/** What stands on the site's page. */
let html = IMPORTS;

// a site that has nothing to do with Veche but a user's token
beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  veche = await Veche.start(shapeOfRun(), { env: { CORS_ORIGINS: origin } });
  link = await Link.open(
    'the browser',
    await freePort(),
    veche.doors.gateways.map((gateway) => Number(new URL(gateway).port)),
  );
  url = `http://127.0.0.1:${link.port}`;
  olga = await Person.register(veche.doors, 'olga');
  session = createSession({ url: veche.doors.gateways[0] ?? '', tokenTransport: 'body' });
  await session.login({ login: olga.username, password: olga.password });
  site = createServer((request, response) => {
    const file = FILES[request.url ?? ''];
    if (request.url === '/chat-token')
      void Promise.resolve(session.getToken({ fresh: false })).then((token) => response.end(token));
    else
      response
        .setHeader('content-type', file ? 'text/javascript' : 'text/html')
        .end(file ? readFileSync(file) : html);
  });
  await new Promise<void>((resolve) => site.listen(port, 'localhost', resolve));
  browser = await openBrowser();
});
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  link.mend();
});
afterAll(async () => {
  await browser.close();
  site.close();
  link.close();
  await veche.destroy();
});

test("the README's lines are a chat in somebody's page", async () => {
  const [, printed = ''] = /```html\n(.*?)```/s.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  expect(printed.trim().split('\n').length).toBeLessThanOrEqual(20);
  const boris = await Person.register(veche.doors, 'boris');
  const room = await boris.createRoom('public', [olga]);
  await boris.send(room.id, 'Is somebody there?');
  expect(printed).toContain('http://127.0.0.1:8080');
  expect(printed).toContain('ROOM_ID');
  html = IMPORTS + printed.replace('http://127.0.0.1:8080', url).replace('ROOM_ID', room.id);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(origin);
  await page.getByText('Is somebody there?').waitFor();
  await page.locator('input').fill('<b>I am!</b>');
  await page.keyboard.press('Enter');
  await page.getByText('<b>I am!</b>').waitFor();
  await eventually(async () => (await boris.log(room.id)).at(-1)?.text === '<b>I am!</b>');
  await boris.send(room.id, 'Good.');
  await page.getByText('Good.').waitFor();
  expect(errors).toEqual([]);
});

describe('what was written without a network', () => {
  /** A tab with a client that is online. */
  const tab = async (roomId: string): Promise<Page> => {
    html = IMPORTS;
    const page = await context.newPage();
    await page.goto(origin);
    await page.addScriptTag({
      type: 'module',
      content: `
        import { connect } from '@veche/client';
        const getToken = async () => {
          await window.waits;
          return (await fetch('/chat-token')).text();
        };
        window.client = connect({ url: '${url}', getToken });
        window.room = client.room('${roomId}');`,
    });
    await page.waitForFunction(
      'window.client?.connection.get().status === "online" && client.rooms.get().loaded',
    );
    return page;
  };
  const write = (page: Page, ...texts: string[]): Promise<unknown> =>
    page.evaluate(`for (const text of ${JSON.stringify(texts)}) room.send(text)`);
  const kept = (page: Page): Promise<number> =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const request = indexedDB.open('veche');
          request.onsuccess = () => {
            const count = request.result.transaction('outgoing').objectStore('outgoing').count();
            count.onsuccess = () => {
              request.result.close();
              resolve(count.result);
            };
          };
        }),
    );
  const offline = async (...pages: Page[]): Promise<void> => {
    link.cut();
    for (const page of pages) await page.waitForFunction('client.connection.get().status === "offline"');
  };
  /** Leaves a tab off line, and it alone: there is no token for it any more. */
  const strand = async (page: Page): Promise<void> => {
    await page.evaluate('void (window.waits = new Promise(() => {}))');
    await offline(page);
    link.mend();
  };
  const said = async (roomId: string): Promise<(string | undefined)[]> =>
    (await olga.log(roomId)).filter((e) => e.type === 'message.created').map((e) => e.text);

  test.each([
    ['with Web Locks', ''],
    ['without, as on a page without TLS', 'Object.defineProperty(navigator, "locks", { value: undefined })'],
  ])('outlives its page, %s', async (_where, script) => {
    await context.addInitScript(script);
    const room = await olga.createRoom('private');
    const page = await tab(room.id);
    await offline(page);
    await write(page, 'one', 'two', 'three');
    await eventually(async () => (await kept(page)) === 3);
    await page.close();
    expect(await said(room.id)).toEqual([]);
    link.mend();
    const later = await tab(room.id);
    await eventually(async () => (await said(room.id)).length >= 3);
    await eventually(async () => (await kept(later)) === 0);
    expect(await said(room.id)).toEqual(['one', 'two', 'three']);
  });

  test('in two tabs is sent by one of them each, and what a closed tab has left by the other', async () => {
    const room = await olga.createRoom('private');
    const [first, second] = [await tab(room.id), await tab(room.id)];
    await offline(first, second);
    await write(first, 'one', 'two');
    await write(second, 'three');
    await eventually(async () => (await kept(second)) === 3);
    await first.close();
    link.mend();
    await second.evaluate('client.reconnect()');
    await eventually(async () => (await said(room.id)).length >= 3);
    await eventually(async () => (await kept(second)) === 0);
    expect(await said(room.id)).toEqual(['one', 'two', 'three']);
    expect(await second.evaluate('room.timeline.get().pending.length')).toBe(0);
  });

  test.each<[string, (page: Page) => Promise<unknown>]>([
    ['is closed', (page) => page.close()],
    ['is loaded anew', (page) => page.reload()],
    ['has closed its client', (page) => page.evaluate('client.close()')],
  ])('is sent by a tab that is open as soon as its own %s', async (_how, end) => {
    const room = await olga.createRoom('private');
    const page = await tab(room.id);
    await strand(page);
    await write(page, 'one', 'two');
    await eventually(async () => (await kept(page)) === 2);
    const other = await tab(room.id);
    expect(await said(room.id)).toEqual([]);
    await end(page);
    await eventually(async () => (await said(room.id)).length >= 2);
    await eventually(async () => (await kept(other)) === 0);
    expect(await said(room.id)).toEqual(['one', 'two']);
  });

  test('and left by one tab after the other is with the last, in the order in which it was written', async () => {
    const room = await olga.createRoom('private');
    const tabs = [await tab(room.id), await tab(room.id), await tab(room.id)] as const;
    const [first, second, third] = tabs;
    await offline(...tabs);
    const written = ['one', 'two', 'three', 'four'];
    for (const [i, text] of written.entries()) {
      await write(tabs[i % 3]!, text);
      await eventually(async () => (await kept(third)) === i + 1);
    }
    // who is told of an owner after the connection began waits for it, too; of two who wait, one gets what is left
    await second.close();
    await first.close();
    await third.waitForFunction('room.timeline.get().pending.length === 4');
    link.mend();
    await third.evaluate('client.reconnect()');
    await eventually(async () => (await said(room.id)).length >= 4);
    expect(await said(room.id)).toEqual(written);
  });

  test('is waited for by no client that is closed', async () => {
    const room = await olga.createRoom('private');
    const page = await tab(room.id);
    await strand(page);
    await write(page, 'for later');
    await eventually(async () => (await kept(page)) === 1);
    const other = await tab(room.id);
    const waiting = (): Promise<number | undefined> =>
      other.evaluate(async () => (await navigator.locks.query()).pending?.length);
    await eventually(async () => (await waiting()) === 1);
    await other.evaluate('client.close()');
    await eventually(async () => (await waiting()) === 0);
  });

  test('is not kept any more when it is discarded', async () => {
    const room = await olga.createRoom('private');
    const page = await tab(room.id);
    await offline(page);
    await write(page, 'for nobody to find');
    await eventually(async () => (await kept(page)) === 1);
    await page.evaluate('room.discard(room.timeline.get().pending[0].clientId)');
    await eventually(async () => (await kept(page)) === 0);
  });
});

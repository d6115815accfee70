import { createSession } from './session';
import { isOtherSite } from './site';

const page = 'https://app.example.org/rooms/1';

test.each([
  '',
  'https://app.example.org',
  'https://app.example.org:8443',
  'https://chat.example.org',
  'https://example.org',
  '/behind/a/path',
])('a page of app.example.org keeps the cookie of %s', (server) => {
  expect(isOtherSite(page, server)).toBe(false);
});

test.each([
  [page, 'https://chat.example.com'],
  [page, 'https://example.net'],
  [page, 'http://app.example.org'],
  [page, 'https://127.0.0.1:8080'],
  ['http://localhost:3000/', 'http://127.0.0.1:8080'],
  ['http://10.0.0.1/', 'http://11.0.0.1'],
  ['http://intranet/', 'http://chat'],
  ['http://[::1]/', 'http://[::2]'],
])('a page of %s keeps none of %s', (here, server) => {
  expect(isOtherSite(here, server)).toBe(true);
});

describe('a session that will not outlive its page', () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'location');
  afterEach(() => {
    jest.restoreAllMocks();
    if (before) Object.defineProperty(globalThis, 'location', before);
    else delete (globalThis as { location?: unknown }).location;
  });
  const said = (options: Parameters<typeof createSession>[0], href?: string): string[] => {
    if (href) Object.defineProperty(globalThis, 'location', { value: { href }, configurable: true });
    const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    createSession(options);
    return error.mock.calls.map(([text]) => String(text));
  };

  test('says so at once, and what to do', () => {
    const [text] = said({ url: 'https://chat.example.com' }, page);
    for (const part of ['https://chat.example.com', "tokenTransport: 'body'", 'getToken', 'one site'])
      expect(text).toContain(part);
  });

  test('is refused, instead of being lost with the next load; nothing is sent', async () => {
    said({ url: 'https://chat.example.com' }, page);
    const sent = jest.spyOn(globalThis, 'fetch');
    const session = createSession({ url: 'https://chat.example.com' });
    const refused = { code: 'cookie_not_kept', detail: expect.stringContaining('your own server') };
    await expect(session.login({ login: 'olga', password: 'x' })).rejects.toMatchObject(refused);
    await expect(session.resume()).rejects.toMatchObject(refused);
    expect(sent).not.toHaveBeenCalled();
  });

  test.each<[string, Parameters<typeof createSession>[0], string | undefined]>([
    ['of the same site', { url: 'https://chat.example.org' }, page],
    [
      'that keeps its refresh token itself',
      { url: 'https://chat.example.com', tokenTransport: 'body' },
      page,
    ],
    ['of a program', { url: 'https://chat.example.com' }, undefined],
  ])('is none %s, which nothing is said of', (_which, options, href) => {
    expect(said(options, href)).toEqual([]);
  });
});

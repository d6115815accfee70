import { ACCESS, API_KEYS, AUTH_CONTRACTS, CHAT_CONTRACTS, type Definition, USERS } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { Grpc } from '../harness/grpc';
import { Person, sharedAdmin, unique } from '../harness/people';
import { Rest } from '../harness/rest';
import { Machine } from '../harness/machine';
import { Socket } from '../harness/socket';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const [gateway = ''] = doors.gateways;
/** How soon a change must be felt everywhere. */
const SOON_MS = 1_000;

interface Key {
  id: string;
  name: string;
  scopes: string[];
  hint: string;
  createdAt: string;
  expiresAt?: string;
  lastUsedAt?: string;
  previousUntil?: string;
}
type NewKey = Key & { secret: string };

let admin: Person, person: Person;
beforeAll(async () => {
  admin = await sharedAdmin(doors);
  person = await Person.register(doors);
});

const make = (scopes: string[], more: object = {}): Promise<NewKey> =>
  admin.rest.post('/admin/api-keys', { name: unique('key'), scopes, ...more });
const listed = async (id: string): Promise<Key | undefined> =>
  (await admin.rest.get<{ items: Key[] }>('/admin/api-keys')).items.find((key) => key.id === id);
/** What a key is answered at each gateway, for what its scope allows. */
const answers = (secret: string): Promise<string[]> =>
  Promise.all(
    doors.gateways.map((at) =>
      new Rest(at, secret).get(`/users/${person.id}`).then(
        () => 'ok',
        (error: { code: string }) => error.code,
      ),
    ),
  );
const all = (answer: string): string[] => doors.gateways.map(() => answer);

describe('an API key', () => {
  test('is shown once, and known by its beginning from then on', async () => {
    const { secret, ...key } = await make(['users.read']);
    expect(secret).toMatch(/^vk_[0-9A-Za-z]{50}$/);
    expect(secret.startsWith(key.hint)).toBe(true);
    expect(await listed(key.id)).toEqual(key);
    expect(JSON.stringify(await admin.rest.get('/admin/api-keys'))).not.toContain(secret);
  });

  test('is made, seen and ended by admins alone, at both doors', async () => {
    const key = await make(['users.read']);
    for (const rest of [person.rest, new Rest(gateway, key.secret)])
      for (const call of [
        rest.get('/admin/api-keys'),
        rest.post('/admin/api-keys', { name: 'mine', scopes: ['users.read'] }),
        rest.post(`/admin/api-keys/${key.id}/rotate`, {}),
        rest.delete(`/admin/api-keys/${key.id}`),
      ])
        await expect(call).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    for (const token of [person.token, key.secret]) {
      const keys = new Grpc(API_KEYS.definition, doors.auth[0]!, token);
      await expect(keys.call('listApiKeys', {})).rejects.toMatchObject({ code: 'forbidden' });
      await expect(keys.call('revokeApiKey', { id: key.id })).rejects.toMatchObject({ code: 'forbidden' });
      keys.close();
    }
    expect(await answers(key.secret)).toEqual(all('ok'));
  });

  test('does what its scopes say, and says when it was last used', async () => {
    const key = await make(['users.read']);
    expect((await listed(key.id))?.lastUsedAt).toBeUndefined();
    expect(await answers(key.secret)).toEqual(all('ok'));
    const users = new Grpc(USERS.definition, doors.auth[0]!, key.secret);
    expect((await users.call('getUser', { id: person.id })).profile?.id).toBe(person.id);
    users.close();
    expect(Date.now() - Date.parse((await listed(key.id))?.lastUsedAt ?? '')).toBeLessThan(60_000);
  });

  test('is refused at every rpc that its scopes do not name', async () => {
    const { secret } = await make(['users.provision']);
    /** What is for everybody, and so for keys: without an account, or without a person behind it. */
    const open = new Set(['register', 'login', 'refresh', 'logout', 'validateSession', 'getKeys', 'check']);
    const named = new Set([
      'upsertExternalUser',
      'issueExternalToken',
      'endExternalSessions',
      'deleteExternalUser',
    ]);
    const tried: string[] = [];
    for (const contract of [...AUTH_CONTRACTS, ...CHAT_CONTRACTS]) {
      const [address] = contract.package === 'veche.auth.v1' ? doors.auth : doors.chat;
      const client = new Grpc(contract.definition, address!, secret);
      for (const [rpc, { responseStream }] of Object.entries(contract.definition as Definition)) {
        if (open.has(rpc) || named.has(rpc) || responseStream) continue;
        await expect(client.callRaw(rpc, Buffer.alloc(0))).rejects.toMatchObject({ code: 'forbidden' });
        tried.push(rpc);
      }
      client.close();
    }
    expect(tried.length).toBeGreaterThan(50);
    const access = new Grpc(ACCESS.definition, doors.auth[0]!, secret);
    expect((await access.call('check', { permission: 'users.provision' })).allowed).toBe(true);
    expect((await access.call('check', { permission: 'users.manage' })).allowed).toBe(false);
    access.close();
  });

  test('does not act as a person: neither in rooms nor on a socket', async () => {
    const { secret } = await make(['users.read', 'users.provision.admins']);
    const rest = new Rest(gateway, secret);
    for (const path of [
      '/rooms',
      '/users/me',
      '/users?search=a',
      '/auth/sessions',
      '/admin/users',
      '/search?q=a',
    ])
      await expect(rest.get(path)).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    await expect(Socket.open(gateway, secret)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('that is not whole, or of nobody, is no token', async () => {
    const { secret } = await make(['users.read']);
    const swapped = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0');
    for (const wrong of [swapped, secret.slice(0, -1), 'vk_', `${secret}a`])
      expect(await answers(wrong)).toEqual(all('invalid_token'));
  });

  test('is refused everywhere within a second of its end', async () => {
    const { id, secret } = await make(['users.read']);
    expect(await answers(secret)).toEqual(all('ok'));
    await admin.rest.delete(`/admin/api-keys/${id}`);
    await eventually(async () => (await answers(secret)).every((answer) => answer === 'invalid_token'), {
      within: SOON_MS,
    });
    expect(await listed(id)).toBeUndefined();
    for (const call of [
      admin.rest.delete(`/admin/api-keys/${id}`),
      admin.rest.post(`/admin/api-keys/${id}/rotate`, {}),
    ])
      await expect(call).rejects.toMatchObject({ status: 404, code: 'api_key_not_found' });
  });

  test('expires', async () => {
    const expiresAt = new Date(Date.now() + 2_000).toISOString();
    const { secret } = await make(['users.read'], { expiresAt });
    expect(await answers(secret)).toEqual(all('ok'));
    await eventually(async () => {
      const codes = await answers(secret);
      return codes.every((code) => code === 'token_expired' || code === 'invalid_token');
    });
  });

  test.each([
    ['no scope', { scopes: [] }, 'scopes'],
    ['a scope that there is not', { scopes: ['everything'] }, 'scopes'],
    ['no name', { name: ' ' }, 'name'],
    ['an end that is over', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['an end that is no time', { expiresAt: 'tomorrow' }, 'expiresAt'],
  ])('is not made with %s', async (_what, wrong, field) => {
    await expect(make(['users.read'], wrong)).rejects.toMatchObject({
      code: 'invalid_input',
      problem: { errors: [expect.objectContaining({ field })] },
    });
  });
});

describe('a new secret', () => {
  test('works at once, and the one before for as long as it was given', async () => {
    const { id, secret: first } = await make(['users.read']);
    expect(await answers(first)).toEqual(all('ok'));
    const rotated = await admin.rest.post<NewKey>(`/admin/api-keys/${id}/rotate`, { overlap: 2 });
    expect(rotated.secret).not.toBe(first);
    expect(Date.parse(rotated.previousUntil ?? '') - Date.now()).toBeLessThanOrEqual(2_000);
    expect(await answers(rotated.secret)).toEqual(all('ok'));
    expect(await answers(first)).toEqual(all('ok'));
    await eventually(async () => (await answers(first)).every((answer) => answer !== 'ok'));
    expect(await answers(rotated.secret)).toEqual(all('ok'));
    expect((await listed(id))?.previousUntil).toBeUndefined();
  });

  test('without an overlap ends the one before within a second, and a third the first', async () => {
    const { id, secret: first } = await make(['users.read']);
    expect(await answers(first)).toEqual(all('ok'));
    const second = await admin.rest.post<NewKey>(`/admin/api-keys/${id}/rotate`, { overlap: 0 });
    await eventually(async () => (await answers(first)).every((answer) => answer !== 'ok'), {
      within: SOON_MS,
    });
    const third = await admin.rest.post<NewKey>(`/admin/api-keys/${id}/rotate`, {});
    expect(Date.parse(third.previousUntil ?? '') - Date.now()).toBeGreaterThan(86_000_000);
    const fourth = await admin.rest.post<NewKey>(`/admin/api-keys/${id}/rotate`, {});
    await eventually(async () => (await answers(second.secret)).every((answer) => answer !== 'ok'), {
      within: SOON_MS,
    });
    expect(await answers(third.secret)).toEqual(all('ok'));
    expect(await answers(fourth.secret)).toEqual(all('ok'));
  });

  test('is not given for longer than a month', async () => {
    const { id } = await make(['users.read']);
    for (const overlap of [-1, 31 * 86_400, 1.5])
      await expect(admin.rest.post(`/admin/api-keys/${id}/rotate`, { overlap })).rejects.toMatchObject({
        code: 'invalid_input',
      });
    await expect(admin.rest.post(`/admin/api-keys/${randomUUID()}/rotate`, {})).rejects.toMatchObject({
      code: 'api_key_not_found',
    });
  });
});

test('the command line makes, lists, rotates and revokes them', async () => {
  const machine = new Machine();
  const { login, password } = JSON.parse(process.env.VECHE_ADMIN ?? '') as {
    login: string;
    password: string;
  };
  await machine.does(['login', login, '-s', gateway, '--password-stdin'], `${password}\n`);
  const name = unique('shop');
  const said = await machine.does(['api-keys', 'create', name, '--scope', 'users.read,users.provision']);
  const [first = ''] = said.split('\n');
  expect(await answers(first)).toEqual(all('ok'));
  expect(await machine.does(['api-keys'])).toContain(`${first.slice(0, 9)}…  ${name}`);
  const found = (await machine.does(['--json', 'api-keys', 'list']))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Key)
    .find((key) => key.name === name);
  expect(found).toMatchObject({ scopes: ['users.read', 'users.provision'] });
  const id = found?.id ?? '';
  const rotated = JSON.parse(
    await machine.does(['--json', 'api-keys', 'rotate', id, '--overlap', '0']),
  ) as NewKey;
  expect(await answers(rotated.secret)).toEqual(all('ok'));
  expect(await machine.does(['api-keys', 'revoke', id])).toBe('The key is revoked.\n');
  await eventually(async () => (await answers(rotated.secret)).every((answer) => answer !== 'ok'));
  await machine.does(['logout']);
});

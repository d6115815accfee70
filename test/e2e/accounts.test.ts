import { ACCESS, AUTH, Role, USERS } from '@veche/contracts';
import { createPublicKey, createVerify, type JsonWebKey, randomUUID } from 'node:crypto';
import { Grpc } from '../harness/grpc';
import { PASSWORD_MARK, Person, register, unique } from '../harness/people';
import { Rest } from '../harness/rest';
import { decode } from '../harness/tokens';
import { sharedDoors } from '../harness/veche';
import type { Items, SignedIn, User } from '../harness/wire';

const doors = sharedDoors();
const [gateway = ''] = doors.gateways;
const [auth = ''] = doors.auth;
const account = (username = unique('somebody')) => ({
  username,
  email: `${username}@example.org`,
  password: `${PASSWORD_MARK} ${randomUUID()}`,
});

describe('registering', () => {
  test('gives an account and signs in', async () => {
    const rest = new Rest(gateway);
    const wanted = { ...account(), displayName: 'Olga К. 🔔' };
    const answer = await rest.request<SignedIn>('POST', '/auth/register', { body: wanted });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      expiresIn: 900,
      user: { username: wanted.username, email: wanted.email, displayName: 'Olga К. 🔔', role: 'user' },
    });
    expect(JSON.stringify(answer.body)).not.toContain(wanted.password);
    rest.token = answer.body.accessToken;
    expect(await rest.get('/users/me')).toEqual(answer.body.user);
  });

  test.each([
    ['username', 'username_taken', (taken: User) => ({ ...account(), username: taken.username })],
    [
      'username in other letters',
      'username_taken',
      (taken: User) => ({ ...account(), username: taken.username.toUpperCase() }),
    ],
    ['email', 'email_taken', (taken: User) => ({ ...account(), email: taken.email })],
    [
      'email in other letters',
      'email_taken',
      (taken: User) => ({ ...account(), email: taken.email.toUpperCase() }),
    ],
  ])('is refused for a taken %s', async (_what, code, body) => {
    const { user } = await Person.register(doors);
    await expect(new Rest(gateway).post('/auth/register', body(user))).rejects.toMatchObject({
      code,
      status: 409,
    });
  });

  test('makes one account of many who want the same name at once', async () => {
    const username = unique('wanted');
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        new Rest(doors.gateways[i % doors.gateways.length]!).request<{ code?: string }>(
          'POST',
          '/auth/register',
          { body: { ...account(username), email: `${username}${i}@example.org` } },
        ),
      ),
    );
    expect(answers.map((a) => a.body.code ?? a.status).sort()).toEqual([
      201,
      ...Array.from({ length: 5 }, () => 'username_taken'),
    ]);
  });
});

describe('logging in', () => {
  let person: Person;
  beforeAll(async () => {
    person = await Person.register(doors);
  });

  test.each([
    ['username', () => person.username],
    ['username in other letters', () => person.username.toUpperCase()],
    ['email', () => person.user.email],
    ['email in other letters', () => person.user.email.toUpperCase()],
  ])('works with the %s', async (_what, login) => {
    const answer = await new Rest(gateway).post<SignedIn>('/auth/login', {
      login: login(),
      password: person.password,
    });
    expect(answer.user).toEqual(person.user);
  });

  test('answers a wrong password and a name that nobody has alike', async () => {
    const answers = await Promise.all(
      [person.username, unique('nobody'), `${unique('nobody')}@example.org`].map((login) =>
        new Rest(gateway).request<object>('POST', '/auth/login', {
          body: { login, password: `${PASSWORD_MARK} wrong` },
        }),
      ),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect({ ...answer.body, requestId: '' }).toEqual({ ...answers[0]?.body, requestId: '' });
    }
    expect(answers[0]?.body).toMatchObject({ code: 'invalid_credentials' });
  });

  test('keeps the refresh token from scripts, unless the client asks for it', async () => {
    const rest = new Rest(gateway);
    const credentials = { login: person.username, password: person.password };
    const byCookie = await rest.request<SignedIn>('POST', '/auth/login', { body: credentials });
    expect(byCookie.body).not.toHaveProperty('refreshToken');
    const [cookie = ''] = byCookie.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);

    const byBody = await new Rest(gateway).request<SignedIn>('POST', '/auth/login', {
      body: { ...credentials, tokenTransport: 'body' },
    });
    expect(byBody.body.refreshToken).toEqual(expect.any(String));
    expect(byBody.headers.getSetCookie()).toEqual([]);
  });

  test('is to a named application, whose tokens do not open the doors of another', async () => {
    const login = { login: person.username, password: person.password };
    const rest = new Rest(gateway);
    rest.token = (await rest.post<SignedIn>('/auth/login', { ...login, appId: 'elsewhere' })).accessToken;
    expect(decode(rest.token).payload.aud).toBe('elsewhere');
    await expect(rest.get('/users/me')).rejects.toMatchObject({ status: 401, code: 'invalid_token' });
    await expect(rest.post('/auth/login', { ...login, appId: 'unheard-of' })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_input',
    });
  });
});

describe('an access token', () => {
  test('can be verified by anybody with the published keys', async () => {
    const { token, id } = await Person.register(doors);
    const { keys } = await new Rest(gateway).get<{ keys: (JsonWebKey & { kid: string })[] }>(
      '//.well-known/jwks.json',
    );
    const { header, payload } = decode(token);
    const jwk = keys.find(({ kid }) => kid === header.kid);
    expect(header.alg).toBe('RS256');
    expect(jwk).toBeDefined();
    expect(jwk).not.toHaveProperty('d');
    const [head = '', body = '', signature = ''] = token.split('.');
    const verified = createVerify('sha256')
      .update(`${head}.${body}`)
      .verify(createPublicKey({ key: jwk ?? {}, format: 'jwk' }), signature, 'base64url');
    expect(verified).toBe(true);
    expect(payload).toMatchObject({ sub: id, aud: 'veche' });
    expect(payload).not.toHaveProperty('email');
  });

  test('is told by ValidateSession whose it is, and by AccessService what it may', async () => {
    const { token, id } = await Person.register(doors);
    const sessions = new Grpc(AUTH.definition, auth);
    const access = new Grpc(ACCESS.definition, auth);
    try {
      const answer = await sessions.call('validateSession', { accessToken: token });
      expect(answer).toMatchObject({ userId: id, role: Role.USER, appId: 'veche' });
      expect(answer.expiresAt?.getTime()).toBeGreaterThan(Date.now());
      await expect(sessions.call('validateSession', { accessToken: 'no token' })).rejects.toMatchObject({
        code: 'invalid_token',
      });

      const may = (permission: string, as?: string) => access.call('check', { permission }, { token: as });
      expect(await may('rooms.create', token)).toEqual({ allowed: true, role: Role.USER });
      expect(await may('rooms.moderate', token)).toEqual({ allowed: false, role: Role.USER });
      expect(await may('rooms.create')).toEqual({ allowed: false, role: Role.UNSPECIFIED });
      await expect(may('rooms.paint', token)).rejects.toMatchObject({ code: 'invalid_input' });
    } finally {
      sessions.close();
      access.close();
    }
  });
});

describe('a profile', () => {
  test('is changed by its owner and seen by everybody, without the email', async () => {
    const [olga, boris] = (await register(doors, 'olga', 'boris')) as [Person, Person];
    const displayName = unique('Olga'); // nobody else's, or it would be said to be shared
    const changed = await olga.rest.patch<User>('/users/me', { displayName, bio: 'Keeps the bell' });
    expect(changed).toEqual({ ...olga.user, displayName, bio: 'Keeps the bell' });
    const { email: _email, ...seen } = changed;
    for (const gateway of doors.gateways)
      expect(await new Rest(gateway, boris.token).get(`/users/${olga.id}`)).toEqual(seen);
    expect(await boris.rest.get(`/users?ids=${olga.id},${randomUUID()}`)).toMatchObject({ items: [seen] });
    expect(await boris.rest.get(`/users?search=${olga.username.slice(0, 9)}`)).toMatchObject({
      items: [seen],
    });
    await expect(boris.rest.get(`/users/${randomUUID()}`)).rejects.toMatchObject({
      status: 404,
      code: 'user_not_found',
    });
    const users = new Grpc(USERS.definition, auth, boris.token);
    const { profile } = await users.call('getUser', { id: olga.id });
    users.close();
    expect(profile).toMatchObject({ id: olga.id, displayName, bio: 'Keeps the bell' });
  });

  test('keeps what was not given', async () => {
    const olga = await Person.register(doors);
    await olga.rest.patch('/users/me', { bio: 'first' });
    expect(await olga.rest.patch('/users/me', { displayName: 'second' })).toMatchObject({
      bio: 'first',
      displayName: 'second',
      username: olga.username,
    });
  });

  test('takes a new username, by which its owner then logs in and is found at once', async () => {
    const [olga, boris] = (await register(doors, 'olga', 'boris')) as [Person, Person];
    await boris.rest.get(`/users/${olga.id}`); // may be kept from here on
    const username = unique('renamed');
    await olga.rest.patch('/users/me', { username });
    expect(await boris.rest.get(`/users/${olga.id}`)).toMatchObject({ username });
    const login = (name: string) =>
      new Rest(gateway).post<SignedIn>('/auth/login', { login: name, password: olga.password });
    expect((await login(username)).user.id).toBe(olga.id);
    await expect(login(olga.username)).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(boris.rest.patch('/users/me', { username })).rejects.toMatchObject({
      code: 'username_taken',
    });
  });

  test('is found page by page, each once', async () => {
    const prefix = unique('many').slice(0, 14);
    const people = await register(doors, ...Array.from({ length: 5 }, () => prefix));
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Items<User> = await people[0]!.rest.get(
        `/users?search=${prefix}&limit=2${cursor ? `&cursor=${cursor}` : ''}`,
      );
      found.push(...page.items.map((u) => u.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(found.sort()).toEqual(people.map((p) => p.id).sort());
  });
});

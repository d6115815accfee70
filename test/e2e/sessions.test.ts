import { AUTH, MESSAGES } from '@veche/contracts';
import { generateKeyPair, generateProof } from 'dpop';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Grpc } from '../harness/grpc';
import { PASSWORD_MARK, Person } from '../harness/people';
import { Rest } from '../harness/rest';
import { sharedDoors } from '../harness/veche';
import type { Items, Problem, Session, SignedIn } from '../harness/wire';

const doors = sharedDoors();
const [gateway = ''] = doors.gateways;

/** How soon whatever a session held must be closed after it was ended. */
const SOON_MS = 1_000;

const signIn = async (person: Person, tokenTransport: 'cookie' | 'body'): Promise<[Rest, SignedIn]> => {
  const rest = new Rest(gateway);
  const answer = await rest.post<SignedIn>('/auth/login', {
    login: person.username,
    password: person.password,
    tokenTransport,
  });
  rest.token = answer.accessToken;
  return [rest, answer];
};
const renew = (refreshToken?: string, rest = new Rest(gateway)): Promise<SignedIn> =>
  rest.post('/auth/refresh', refreshToken === undefined ? undefined : { refreshToken });

describe('renewing', () => {
  test('by cookie answers with the next cookie, and never shows the token', async () => {
    const person = await Person.register(doors);
    const [rest] = await signIn(person, 'cookie');
    const before = new Map(rest.cookies);
    const renewed = await renew(undefined, rest);
    expect(renewed).not.toHaveProperty('refreshToken');
    expect(renewed.user).toEqual(person.user);
    expect(rest.cookies).not.toEqual(before);
    rest.token = renewed.accessToken;
    expect(await rest.get('/users/me')).toEqual(person.user);
  });

  test('by body answers with the next token, at any gateway', async () => {
    const person = await Person.register(doors);
    let [, { refreshToken = '' }] = await signIn(person, 'body');
    const seen = new Set([refreshToken]);
    for (let i = 0; i < 4; i++) {
      const rest = new Rest(doors.gateways[i % doors.gateways.length]!);
      refreshToken = (await renew(refreshToken, rest)).refreshToken ?? '';
      expect(rest.cookies.size).toBe(0);
      seen.add(refreshToken);
    }
    expect(seen.size).toBe(5);
  });

  test('stays in the same session', async () => {
    const person = await Person.register(doors);
    const [rest, { refreshToken }] = await signIn(person, 'body');
    const before = await rest.get<Items<Session>>('/auth/sessions');
    rest.token = (await renew(refreshToken)).accessToken;
    const after = await rest.get<Items<Session>>('/auth/sessions');
    expect(after.items.map(({ id, current }) => ({ id, current }))).toEqual(
      before.items.map(({ id, current }) => ({ id, current })),
    );
  });

  test('of a session that began with a proof of a key needs such a proof, at each door', async () => {
    const person = await Person.register(doors);
    const keys = await generateKeyPair('ES256');
    const proof = async (htu: string): Promise<string> => generateProof(keys, htu, 'POST');
    const asked = async (path: string, body: object, dpop?: string) =>
      new Rest(gateway).request<SignedIn & Problem>('POST', path, { body, headers: dpop ? { dpop } : {} });
    const { username: login, password } = person;
    const body = { login, password, tokenTransport: 'body' };
    const { body: first } = await asked('/auth/login', body, await proof(`${gateway}/api/v1/auth/login`));
    const stolen = { refreshToken: first.refreshToken };
    for (const wrong of [undefined, await proof(`${gateway}/api/v1/auth/login`)])
      expect(await asked('/auth/refresh', stolen, wrong)).toMatchObject({
        status: 401,
        body: { code: 'invalid_proof' },
      });

    // a clock that is wrong by a year
    const year = Date.now() - 365 * 86_400_000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(year);
    const wrong = await proof(`${gateway}/api/v1/auth/refresh`);
    clock.mockRestore();
    const refused = await asked('/auth/refresh', stolen, wrong);
    expect(refused).toMatchObject({ status: 401, body: { code: 'stale_proof', nonce: expect.any(String) } });
    const nonce = refused.headers.get('dpop-nonce') ?? '';
    expect(nonce).toBe(refused.body.nonce);
    const again = await generateProof(keys, `${gateway}/api/v1/auth/refresh`, 'POST', nonce);
    const renewed = await asked('/auth/refresh', stolen, again);
    expect(renewed.status).toBe(200);
    expect(await asked('/auth/refresh', stolen, again)).toMatchObject({ body: { code: 'stale_proof' } });

    const client = new Grpc(AUTH.definition, doors.auth.at(-1)!);
    try {
      const token = { refreshToken: renewed.body.refreshToken ?? '' };
      await expect(client.call('refresh', token)).rejects.toMatchObject({ code: 'invalid_proof' });
      const dpop = await proof('http://auth/veche.auth.v1.AuthService/Refresh');
      const { grant } = await client.call('refresh', token, { metadata: { dpop } });
      expect(grant?.user?.id).toBe(person.id);
    } finally {
      client.close();
    }
  });

  test('works for two tabs at once, and both go on', async () => {
    const person = await Person.register(doors);
    const [, { refreshToken }] = await signIn(person, 'body');
    const tabs = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        renew(refreshToken, new Rest(doors.gateways[i % doors.gateways.length]!)),
      ),
    );
    for (const tab of tabs) {
      const next = await renew(tab.refreshToken);
      await new Rest(gateway, next.accessToken).get('/users/me');
    }
  });

  test('with a token that was used long ago ends the session', async () => {
    const person = await Person.register(doors);
    const [rest, { refreshToken: stolen }] = await signIn(person, 'body');
    const { refreshToken: current, accessToken } = await renew(stolen);
    await new Rest(gateway, accessToken).get('/users/me'); // so its answer has arrived
    await pause(10_500); // the old one renews for ten seconds
    await expect(renew(stolen)).rejects.toMatchObject({ status: 401 });
    await expect(renew(current)).rejects.toMatchObject({ status: 401 });
    await expect(rest.get('/users/me')).rejects.toMatchObject({ code: 'session_ended' });
    // nobody else's
    await person.rest.get('/users/me');
  });

  test('with anything else is refused', async () => {
    const { token } = await Person.register(doors);
    await expect(renew()).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
    await expect(renew(randomUUID())).rejects.toMatchObject({ status: 401, code: 'invalid_token' });
    await expect(renew(`${randomUUID()}.${randomUUID()}`)).rejects.toMatchObject({ code: 'invalid_token' });
    await expect(renew(token)).rejects.toMatchObject({ status: 400, code: 'invalid_input' });
  });
});

describe('sessions', () => {
  const sessions = async (person: { rest: Rest }): Promise<Session[]> =>
    (await person.rest.get<Items<Session>>('/auth/sessions')).items;

  test('are listed by device, and one of them is this one', async () => {
    const person = await Person.register(doors);
    const phone = await person.anotherDevice('phone');
    const listed = await sessions(phone);
    expect(listed).toHaveLength(2);
    expect(listed.filter((s) => s.current)).toMatchObject([{ deviceName: 'phone' }]);
    for (const session of listed)
      expect(session).toEqual({
        id: expect.any(String),
        deviceName: expect.any(String),
        ip: expect.stringMatching(/^(::ffff:)?127\.0\.0\.1$|^::1$/),
        createdAt: expect.stringMatching(/Z$/),
        lastSeenAt: expect.stringMatching(/Z$/),
        current: expect.any(Boolean),
        appId: 'veche',
      });
  });

  test('are ended one by one, by their owner only', async () => {
    const person = await Person.register(doors);
    const phone = await person.anotherDevice('phone');
    const id = (await sessions(phone)).find((s) => s.current)?.id;
    const stranger = await Person.register(doors);
    await expect(stranger.rest.delete(`/auth/sessions/${id}`)).rejects.toMatchObject({
      status: 404,
      code: 'session_not_found',
    });
    expect((await person.rest.request('DELETE', `/auth/sessions/${id}`)).status).toBe(204);
    await expect(phone.rest.get('/users/me')).rejects.toMatchObject({ status: 401, code: 'session_ended' });
    expect(await sessions(person)).toHaveLength(1);
  });

  test('other than this one are ended together', async () => {
    const person = await Person.register(doors);
    const others = [await person.anotherDevice(), await person.anotherDevice()];
    expect((await person.rest.request('DELETE', '/auth/sessions')).status).toBe(204);
    for (const other of others)
      await expect(other.rest.get('/users/me')).rejects.toMatchObject({ code: 'session_ended' });
    expect(await sessions(person)).toMatchObject([{ current: true }]);
  });

  test('end by logging out: neither token nor cookie goes on', async () => {
    const person = await Person.register(doors);
    const [rest] = await signIn(person, 'cookie');
    const cookies = new Map(rest.cookies);
    expect((await rest.request('POST', '/auth/logout')).status).toBe(204);
    expect(rest.cookies.size).toBe(0);
    await expect(rest.get('/users/me')).rejects.toMatchObject({ code: 'session_ended' });
    cookies.forEach((value, name) => rest.cookies.set(name, value));
    rest.token = undefined;
    await expect(renew(undefined, rest)).rejects.toMatchObject({ status: 401 });
  });

  test.each(['cookie', 'body'] as const)('end by the refresh token alone, from the %s', async (transport) => {
    const person = await Person.register(doors);
    const [rest, grant] = await signIn(person, transport);
    const token = rest.token;
    for (const stale of [undefined, 'not.a.token']) {
      rest.token = stale;
      const body = transport === 'body' ? { refreshToken: 'nobody-has-it' } : {};
      if (transport === 'body')
        expect((await rest.request('POST', '/auth/logout', { body })).status).toBe(401);
    }
    const body = transport === 'body' ? { refreshToken: grant.refreshToken } : undefined;
    expect((await rest.request('POST', '/auth/logout', { body })).status).toBe(204);
    expect(rest.cookies.size).toBe(0);
    rest.token = token;
    await expect(rest.get('/users/me')).rejects.toMatchObject({ code: 'session_ended' });
    await expect(person.rest.get('/users/me')).resolves.toBeDefined();
  });

  test('are not ended by who shows nothing', async () => {
    const { status, body } = await new Rest(doors.gateways[0]!).request('POST', '/auth/logout');
    expect([status, (body as { code: string }).code]).toEqual([401, 'unauthenticated']);
  });

  test('other than this one end with a change of the password', async () => {
    const person = await Person.register(doors);
    const phone = await person.anotherDevice('phone');
    const newPassword = `${PASSWORD_MARK} ${randomUUID()}`;
    await expect(
      person.rest.post('/auth/password', { currentPassword: `${PASSWORD_MARK} no`, newPassword }),
    ).rejects.toMatchObject({ code: 'invalid_credentials' });
    const change = { currentPassword: person.password, newPassword };
    const [here, { refreshToken: before }] = await signIn(person, 'body');
    const changed = await here.post<SignedIn>('/auth/password', { ...change, tokenTransport: 'body' });
    // of the session that changes it the refresh tokens are new
    await expect(renew(before)).rejects.toMatchObject({ status: 401, code: 'invalid_token' });
    person.rest.token = (await renew(changed.refreshToken)).accessToken;
    await expect(phone.rest.get('/users/me')).rejects.toMatchObject({ code: 'session_ended' });
    await person.rest.get('/users/me');
    const login = (password: string) =>
      new Rest(gateway).post<SignedIn>('/auth/login', { login: person.username, password });
    await expect(login(person.password)).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect((await login(newPassword)).user.id).toBe(person.id);
  });

  test('take their sockets and streams with them within a second, at every gateway', async () => {
    const person = await Person.register(doors);
    const phone = await person.anotherDevice('phone');
    const room = await person.createRoom('private');
    const sockets = await Promise.all(
      [...doors.gateways, ...doors.gateways].map((g, i) =>
        phone.socket(g, { transports: i % 2 ? ['polling'] : ['websocket'] }),
      ),
    );
    const staying = await person.socket();
    const channels = doors.chat.map((address) => new Grpc(MESSAGES.definition, address, phone.token));
    const streams = channels.map((c) => c.stream('connect', { roomId: room.id, after: 0 }));
    await Promise.all(streams.map((s) => s.hears(() => true)));

    const id = (await sessions(phone)).find((s) => s.current)?.id;
    await person.rest.delete(`/auth/sessions/${id}`);
    const ended = performance.now();
    await Promise.all(sockets.map((s) => s.closed()));
    const failures = await Promise.all(streams.map((s) => s.fails()));
    expect(performance.now() - ended).toBeLessThan(SOON_MS);

    for (const socket of sockets) expect(socket.all('session:ended')).toEqual([{ reason: 'ended' }]);
    for (const failure of failures) expect(failure.code).toBe('session_ended');
    await expect(phone.socket()).rejects.toMatchObject({ code: 'session_ended' });
    await staying.send(room.id, 'still here', randomUUID());
    expect(staying.disconnects).toEqual([]);
    channels.forEach((c) => c.close());
    person.leave();
    phone.leave();
  });

  test('are the same at the gRPC door', async () => {
    const person = await Person.register(doors);
    const client = new Grpc(AUTH.definition, doors.auth.at(-1)!);
    try {
      const { grant } = await client.call('login', { login: person.username, password: person.password });
      const token = grant?.accessToken;
      const { sessions: listed } = await client.call('listSessions', {}, { token });
      expect(listed.map((s) => s.id).sort()).toEqual((await sessions(person)).map((s) => s.id).sort());
      const renewed = await client.call('refresh', { refreshToken: grant?.refreshToken ?? '' });
      expect(renewed.grant?.sessionId).toBe(grant?.sessionId);
      await client.call('logout', {}, { token });
      await expect(client.call('listSessions', {}, { token })).rejects.toMatchObject({
        code: 'session_ended',
      });
      expect(await sessions(person)).toHaveLength(1);
      const { grant: another } = await client.call('login', {
        login: person.username,
        password: person.password,
      });
      await client.call('logout', { refreshToken: another?.refreshToken });
      await expect(client.call('listSessions', {}, { token: another?.accessToken })).rejects.toMatchObject({
        code: 'session_ended',
      });
    } finally {
      client.close();
    }
  });
});

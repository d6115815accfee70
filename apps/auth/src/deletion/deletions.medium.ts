import { Role } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { eventually, testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import {
  anonymous,
  as,
  composeAuth,
  forgetEverybody,
  login,
  password,
  refresh,
  refusal,
  register,
  ErasureOfTest,
  type RunningAuth,
  SetClock,
} from '../../test/replica';
import { SessionEvents } from '../events/session-events';
import { DeletionsUpkeep } from './deletions.upkeep';

describe('deleting an account', () => {
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  const erasure = new ErasureOfTest();
  const clock = new SetClock();
  let admin: ReturnType<typeof as>;
  beforeAll(async () => {
    database = await testDatabaseUrl();
    running = await composeAuth(database.url, {}, { erasure, clock });
  });
  beforeEach(async () => {
    await forgetEverybody(running);
    erasure.reset();
    admin = as(await register(running, 'admin'));
  });
  afterAll(async () => {
    await running.close();
    await database.drop();
  });

  const round = (): Promise<void> => running.get(DeletionsUpkeep).round();
  const outbox = async (): Promise<number> =>
    (await running.database.query('SELECT FROM auth.deletions')).length;
  const told = (times: number) => eventually(() => erasure.forgotten.length === times);

  it('takes everything of it, with its own password only', async () => {
    const grant = await register(running, 'boris');
    const phone = await login(running, 'boris');
    const id = grant.user?.id ?? '';
    const me = as(grant);
    expect(await refusal(running.users.deleteOwnUser({ password: 'a wrong one' }, me))).toBe(
      'invalid_credentials',
    );
    expect(await refusal(running.users.deleteOwnUser({ password }, anonymous))).toBe('unauthenticated');
    expect(await refusal(running.users.deleteOwnUser({ password }, me))).toBe('accepted');

    for (const { accessToken } of [grant, phone])
      expect(await refusal(running.auth.listSessions({}, { ...anonymous, token: accessToken }))).toBe(
        'session_ended: account_deleted',
      );
    expect(await refusal(refresh(running, phone))).toBe('invalid_token');
    expect(await refusal(login(running, 'boris'))).toBe('invalid_credentials');
    expect(await refusal(running.users.getUser({ id }, admin))).toBe('user_not_found');
    const left = await running.database.query(
      'SELECT id FROM auth.users WHERE id = $1 UNION ALL SELECT id FROM auth.sessions WHERE user_id = $1',
      [id],
    );
    expect(left).toEqual([]);
    await told(1);
    expect(erasure.forgotten).toEqual([id]);
    // the address is free, and who takes it is somebody else; the name is kept, so that nobody seems to be who is gone
    expect((await register(running, 'boris2', { email: 'boris@example.org' })).user?.id).not.toBe(id);
    expect(await refusal(register(running, 'boris', { email: 'b@example.org' }))).toBe('username_taken');
  });

  it('by an admin needs no password, and is for admins alone', async () => {
    const boris = await register(running, 'boris');
    const id = boris.user?.id ?? '';
    const clara = as(await register(running, 'clara'));
    expect(await refusal(running.users.deleteUser({ id }, clara))).toBe('forbidden');
    expect(await refusal(running.users.deleteUser({ id }, admin))).toBe('accepted');
    expect(await refusal(running.users.deleteUser({ id }, admin))).toBe('user_not_found');
    expect(await refusal(running.auth.listSessions({}, as(boris)))).toBe('session_ended: account_deleted');
  });

  it('leaves the last admin who may log in', async () => {
    expect(await refusal(running.users.deleteOwnUser({ password }, admin))).toBe('last_admin');
    const boris = await register(running, 'boris');
    const id = boris.user?.id ?? '';
    await running.users.updateUser({ id, role: Role.ADMIN }, admin);
    const answers = await Promise.all([
      refusal(running.users.deleteOwnUser({ password }, admin)),
      refusal(running.users.deleteOwnUser({ password }, as(boris))),
    ]);
    expect(answers.sort()).toEqual(['accepted', 'last_admin']);
  });

  it('is repeated to chat until it has gone through', async () => {
    erasure.failures = [new AppError('unavailable'), new AppError('deadline_exceeded')];
    const grant = await register(running, 'boris');
    expect(await refusal(running.users.deleteOwnUser({ password }, as(grant)))).toBe('accepted');
    // a round passes over what the one before is still writing down
    await eventually(async () => {
      clock.advance(10_000);
      await round();
      return erasure.forgotten.length > 0;
    });
    expect(erasure.failures).toEqual([]);
    expect(erasure.forgotten).toEqual([grant.user?.id]);
    expect(await outbox()).toBe(1);
  });

  it('asks chat again as long as there is more to do', async () => {
    erasure.callsUntilDone = 3;
    const grant = await register(running, 'boris');
    await running.users.deleteOwnUser({ password }, as(grant));
    await told(4);
  });

  it('tells chat a second time, when nothing from before can be under way, and then forgets', async () => {
    const grant = await register(running, 'boris');
    await running.users.deleteOwnUser({ password }, as(grant));
    await told(1);
    clock.advance(50_000);
    await round();
    expect(erasure.forgotten).toHaveLength(1);
    clock.advance(10_001);
    await round();
    expect(erasure.forgotten).toHaveLength(2);
    expect(await outbox()).toBe(0);
  });

  it('is gone through with by another replica, when a process dies before it told anybody', async () => {
    const grant = await register(running, 'boris');
    const id = grant.user?.id ?? '';
    // what a process leaves behind that dies right after its commit
    await running.database.query('DELETE FROM auth.users WHERE id = $1', [id]);
    await running.database.query(
      'INSERT INTO auth.deletions (user_id, session_ids, deleted_at, due_at) VALUES ($1, $2, $3, $3)',
      [id, [grant.sessionId], clock.now()],
    );
    const heard: unknown[] = [];
    running
      .get(SessionEvents)
      .watch()
      .subscribe(({ body }) => heard.push(body));
    // as long as a cache may keep what it was not told to forget
    clock.advance(60_000);
    await round();
    expect(erasure.forgotten).toContain(id);
    expect(heard).toContainEqual({
      $case: 'sessionEnded',
      value: { sessionId: grant.sessionId, userId: id, reason: 'account_deleted' },
    });
    expect(await refusal(running.auth.validateSession({ accessToken: grant.accessToken }, admin))).toMatch(
      /^session_ended/,
    );
  });
});

import { testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import { as, composeAuth, refresh, refusal, register, type RunningAuth } from '../../test/replica';
import { RefreshTokensInLine1765000004001 } from './1765000004001-refresh-tokens-in-line';

describe('sessions that began before refresh tokens stood in one line', () => {
  const migration = new RefreshTokensInLine1765000004001();
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  let runner: QueryRunner;
  beforeAll(async () => {
    database = await testDatabaseUrl();
    running = await composeAuth(database.url);
    runner = { query: (sql: string) => running.database.query(sql) } as unknown as QueryRunner;
  });
  afterAll(async () => {
    await running.close();
    await database.drop();
  });
  const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

  it('go on with their newest token, and lose the memory of those that were used', async () => {
    const grants = [await register(running, 'anna'), await register(running, 'boris')] as const;
    await migration.down(runner);
    for (const { sessionId } of grants)
      for (const [i, token] of ['old', 'used', 'sibling', 'newest'].entries())
        await running.database.query(
          `INSERT INTO auth.refresh_tokens (hash, session_id, created_at, expires_at, retired_at)
           VALUES ($1, $2, now() + $3 * interval '1 s', now() + interval '1 day', $4)`,
          [hashOf(`${token} of ${sessionId}`), sessionId, i, i < 2 ? new Date() : null],
        );
    await migration.up(runner);
    for (const { sessionId } of grants) {
      const shown = (token: string): { refreshToken: string } => ({
        refreshToken: `${token} of ${sessionId}`,
      });
      for (const token of ['old', 'used', 'sibling'])
        expect(await refusal(refresh(running, shown(token)))).toBe('invalid_token');
      const renewed = await refresh(running, shown('newest'));
      expect(renewed.sessionId).toBe(sessionId);
      const next = await refresh(running, renewed);
      expect(await refusal(running.auth.listSessions({}, as(next)))).toBe('accepted');
    }
  });

  it('go on after a step back and forth, if they were not renewed in between', async () => {
    const [kept, renewed] = [await register(running, 'clara'), await register(running, 'david')];
    await refresh(running, renewed);
    await migration.down(runner);
    await migration.up(runner);
    expect((await refresh(running, kept)).sessionId).toBe(kept.sessionId);
    expect(await refusal(refresh(running, renewed))).toBe('invalid_token');
  });
});

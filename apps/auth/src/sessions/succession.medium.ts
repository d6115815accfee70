import { type Grant } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import fc from 'fast-check';
import {
  anonymous,
  composeAuth,
  KeyedDevice,
  password,
  refresh,
  type RunningAuth,
  SetClock,
} from '../../test/replica';
import { GRACE_MS, TOGETHER_MS } from './session.rules';

/**
 * A question on its way takes no longer than this, and neither does its answer, or they never arrive. Where no key
 * proves who asks, an answer that another has overtaken never arrives either: it would put an old token in the place of
 * a newer one.
 */
const ON_THE_WAY_MS = (GRACE_MS - TOGETHER_MS) / 2;

type Step =
  /** A tab of the owner asks with the token that all tabs share. */
  | { readonly kind: 'ask'; readonly tab: number; readonly fate: 'arrives' | 'question lost' | 'answer lost' }
  /** What is under way with the question of a tab goes one step on. */
  | { readonly kind: 'go on'; readonly tab: number }
  | { readonly kind: 'wait'; readonly ms: number }
  /** A thief takes what the tabs share now, or asks with what they have. */
  | { readonly kind: 'steal' }
  | { readonly kind: 'thief asks'; readonly uses: boolean };

const TABS = 3;
const tab = fc.nat(TABS - 1);
const ask = fc.record({
  kind: fc.constant('ask' as const),
  tab,
  fate: fc.constantFrom('arrives', 'arrives', 'question lost', 'answer lost'),
}) as fc.Arbitrary<Step>;
const goOn = fc.record({ kind: fc.constant('go on' as const), tab });
const wait = fc.record({
  kind: fc.constant('wait' as const),
  ms: fc.constantFrom(1, ON_THE_WAY_MS, GRACE_MS, GRACE_MS + 1, 60_000, 86_400_000),
});
const steal = fc.constant({ kind: 'steal' as const });
const thiefAsks = fc.record({ kind: fc.constant('thief asks' as const), uses: fc.boolean() });

/** A renewal that goes well, from the question to the use of the answer. */
const renewal: fc.Arbitrary<Step[]> = tab.map((tab) => [
  { kind: 'ask', tab, fate: 'arrives' },
  { kind: 'go on', tab },
  { kind: 'go on', tab },
]);
const steps = (...some: fc.Arbitrary<Step | Step[]>[]): fc.Arbitrary<Step[]> =>
  fc.array(fc.oneof(...some), { minLength: 6, maxLength: 24 }).map((parts) => parts.flat());
const alone = steps(ask, ask, goOn, goOn, wait, wait, renewal);
const robbed = steps(ask, goOn, wait, wait, renewal, steal, thiefAsks, thiefAsks);

/** What a tab is in the middle of. */
type UnderWay =
  | { readonly is: 'asked'; readonly token: string; readonly answerIsLost: boolean; readonly until: number }
  | { readonly is: 'answered'; readonly grant: Grant; readonly number: number; readonly until: number };

type Who = 'owner' | 'thief';

describe('the succession of refresh tokens', () => {
  const clock = new SetClock();
  let database: TestDatabaseUrl;
  let replicas: readonly [RunningAuth, RunningAuth];
  beforeAll(async () => {
    database = await testDatabaseUrl();
    const secret = { JWT_SECRET: 'a secret of thirty-two characters' };
    replicas = [
      await composeAuth(database.url, secret, { clock }),
      await composeAuth(database.url, secret, { clock }),
    ];
    await replicas[0].auth.register(account, anonymous);
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.close();
    await database.drop();
  });
  const account = { username: 'olga', email: 'olga@example.org', password };

  const now = (): number => clock.now().getTime();
  let turn = 0;
  const replica = (): RunningAuth => replicas[turn++ % 2] ?? replicas[0];

  /** Somebody who shows tokens of one session, and what came of it. */
  class World {
    /** What the tabs share: whichever answer arrived last has set it. */
    cookie: string;
    private readonly tabs = new Map<number, UnderWay>();
    /** Answers so far, and the newest that has arrived. */
    private answers = 0;
    private arrived = 0;
    stolen: string | undefined;
    /** Who showed each token with success: when last, and whether they then used what they got. */
    private readonly shown = new Map<string, Map<Who, { at: number; used: boolean }>>();
    /** The token that an access token was got with, and by whom. */
    private readonly gotWith = new Map<string, { token: string; by: Who }>();
    /** Why the session is known to be over. */
    over: string | undefined;
    readonly surprises: string[] = [];
    ownersRefusals = 0;
    thievesRenewals = 0;

    constructor(
      begun: Grant,
      private readonly device: KeyedDevice | undefined,
    ) {
      this.cookie = begun.refreshToken;
    }

    async run(steps: readonly Step[]): Promise<this> {
      for (const step of steps) await this.step(step);
      return this;
    }

    private async step(step: Step): Promise<void> {
      switch (step.kind) {
        case 'wait':
          return this.wait(step.ms);
        case 'ask':
          if (this.tabs.has(step.tab) || step.fate === 'question lost') return;
          this.tabs.set(step.tab, {
            is: 'asked',
            token: this.cookie,
            answerIsLost: step.fate === 'answer lost',
            until: now() + ON_THE_WAY_MS,
          });
          return;
        case 'go on':
          return this.goOn(step.tab);
        case 'steal':
          this.stolen = this.cookie;
          return;
        case 'thief asks':
          return this.thiefAsks(step.uses);
      }
    }

    /** Time passes; what is under way arrives in time. */
    private async wait(ms: number): Promise<void> {
      const until = now() + ms;
      for (;;) {
        const [next] = [...this.tabs].sort(([, a], [, b]) => a.until - b.until);
        if (!next || next[1].until > until) break;
        clock.advance(Math.max(0, next[1].until - now()));
        await this.goOn(next[0]);
      }
      clock.advance(until - now());
    }

    private async goOn(which: number): Promise<void> {
      const underWay = this.tabs.get(which);
      this.tabs.delete(which);
      if (underWay?.is === 'answered') {
        if (!this.device && underWay.number < this.arrived) return;
        this.arrived = underWay.number;
        this.cookie = underWay.grant.refreshToken;
        return void (await this.use(underWay.grant));
      }
      if (!underWay) return;
      const grant = await this.show(underWay.token, 'owner');
      if (grant && !underWay.answerIsLost)
        this.tabs.set(which, {
          is: 'answered',
          grant,
          number: this.answers++,
          until: now() + ON_THE_WAY_MS,
        });
    }

    private async thiefAsks(uses: boolean): Promise<void> {
      if (this.stolen === undefined) return;
      const grant = await this.show(this.stolen, 'thief');
      if (!grant) return;
      this.thievesRenewals++;
      this.stolen = grant.refreshToken;
      if (uses) await this.use(grant);
    }

    private async show(token: string, by: Who): Promise<Grant | undefined> {
      const shown = this.shown.get(token) ?? new Map<Who, { at: number; used: boolean }>();
      this.shown.set(token, shown);
      const other = shown.get(by === 'owner' ? 'thief' : 'owner');
      try {
        const grant =
          by === 'owner' && this.device
            ? await this.device.asks('refresh', (context) =>
                refresh(replica(), { refreshToken: token }, context),
              )
            : await refresh(replica(), { refreshToken: token });
        if (other?.used && now() - other.at > GRACE_MS)
          this.surprises.push(`${by} renewed ${now() - other.at} ms after the other, who had used it`);
        shown.set(by, { at: now(), used: shown.get(by)?.used ?? false });
        this.gotWith.set(grant.accessToken, { token, by });
        return grant;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (by === 'owner') this.ownersRefusals++;
        if (error.code === 'session_ended') this.over = error.data.detail;
        return undefined;
      }
    }

    private async use(grant: Grant): Promise<void> {
      try {
        await replica().auth.validateSession({ accessToken: grant.accessToken }, anonymous);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return;
      }
      const got = this.gotWith.get(grant.accessToken);
      const shown = got && this.shown.get(got.token)?.get(got.by);
      if (shown) shown.used = true;
    }
  }

  const world = async (device?: KeyedDevice): Promise<World> => {
    const logIn = async (context = anonymous): Promise<Grant> => {
      const { grant } = await replica().auth.login({ login: account.username, password }, context);
      if (!grant) throw new Error('no grant');
      return grant;
    };
    return new World(await (device ? device.asks('login', logIn) : logIn()), device);
  };
  const times = { numRuns: 100, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: false };

  it('lets a slow question come after a quick one that repeated it, ten seconds after the answer that was lost', async () => {
    const asks = (tab: number, fate: 'arrives' | 'answer lost'): Step => ({ kind: 'ask', tab, fate });
    const goesOn = (tab: number): Step => ({ kind: 'go on', tab });
    const steps: Step[] = [
      asks(0, 'answer lost'),
      goesOn(0),
      { kind: 'wait', ms: GRACE_MS / 2 },
      ...[asks(1, 'arrives'), asks(0, 'arrives'), goesOn(0), goesOn(0)],
      ...[asks(0, 'arrives'), goesOn(0), goesOn(0), { kind: 'wait' as const, ms: GRACE_MS }],
    ];
    const { ownersRefusals, over } = await (await world()).run(steps);
    expect({ ownersRefusals, over }).toEqual({ ownersRefusals: 0, over: undefined });
  });

  it('never logs an owner out who is alone, in however many tabs, whatever is lost', async () => {
    await fc.assert(
      fc.asyncProperty(alone, async (steps) => {
        const { ownersRefusals, over } = await (await world()).run(steps);
        expect({ ownersRefusals, over }).toEqual({ ownersRefusals: 0, over: undefined });
      }),
      times,
    );
  });

  it('ends a session at who renews second and later than the grace, be it thief or owner', async () => {
    await fc.assert(
      fc.asyncProperty(robbed, async (steps) => {
        const { surprises, over } = await (await world()).run(steps);
        expect(surprises).toEqual([]);
        expect([undefined, 'token_reused']).toContain(over);
      }),
      times,
    );
  });

  it('never renews a bound session for a thief, nor lets one log its owner out', async () => {
    const device = new KeyedDevice();
    await fc.assert(
      fc.asyncProperty(robbed, async (steps) => {
        const { thievesRenewals, ownersRefusals, over } = await (await world(device)).run(steps);
        expect({ thievesRenewals, ownersRefusals, over }).toEqual({
          thievesRenewals: 0,
          ownersRefusals: 0,
          over: undefined,
        });
      }),
      times,
    );
  });
});

import { Availability, type Presence } from '@veche/contracts';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import { NEVER } from 'rxjs';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';

const asService = { requestId: 'a-test' };

describe('presence', () => {
  let opened: TestDatabase;
  let replicas: [Replica, Replica];
  let [anna, boris] = ['', ''];
  const people = new People();

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    const bus = new BreakableBus();
    const settings = { PRESENCE_LEASE: 2 };
    replicas = [
      await startReplica(opened.url, bus, { people, settings }),
      await startReplica(opened.url, bus, { people, settings }),
    ];
  });
  beforeEach(() => {
    anna = people.add('anna');
    boris = people.add('boris');
  });
  afterAll(async () => {
    await Promise.all(replicas.map((r) => r.close()));
    await opened.close();
  });

  const report = (gatewayId: string, ...reports: [userId: string, is: 'active' | 'idle' | 'gone'][]) =>
    replicas[0].presence.reportPresence(
      {
        gatewayId,
        reports: reports.map(([userId, is]) => ({ userId, here: is !== 'gone', idle: is === 'idle' })),
      },
      asService,
    );
  const of = async (userId: string): Promise<Presence | undefined> =>
    (await replicas[1].presence.getPresence({ userIds: [userId] }, by('boris'))).presences[0];
  const availability = async (userId = anna): Promise<Availability | undefined> =>
    (await of(userId))?.availability;
  /** Whose presence a gateway at the other replica is told to look at again. */
  const told = () => {
    const heard: string[] = [];
    const stream = replicas[1].delivery.subscribe(NEVER, asService).subscribe({
      next: ({ body }) => void (body?.$case === 'presenceChanged' && heard.push(...body.value.userIds)),
      error: () => undefined,
    });
    return { heard, end: () => stream.unsubscribe() };
  };

  test('somebody is here while a device of theirs is connected to any gateway, and away while all are idle', async () => {
    const [one, two] = [uuid(), uuid()];
    const { heard, end } = told();
    expect(await of(anna)).toEqual({
      userId: anna,
      availability: Availability.OFFLINE,
      lastSeenAt: undefined,
      status: undefined,
    });
    expect(await report(one, [anna, 'active'])).toEqual({ known: false, leaseMs: 2_000 });
    expect(await availability()).toBe(Availability.ONLINE);
    expect((await report(two, [anna, 'idle'])).known).toBe(false);
    expect(await availability()).toBe(Availability.ONLINE);
    await report(one, [anna, 'idle']);
    expect(await availability()).toBe(Availability.AWAY);
    await report(one, [anna, 'gone']);
    expect(await availability()).toBe(Availability.AWAY);
    expect((await report(two, [anna, 'gone'])).known).toBe(true);
    const { availability: now, lastSeenAt } = (await of(anna)) ?? {};
    expect(now).toBe(Availability.OFFLINE);
    // to the minute: nobody learns more
    expect((lastSeenAt?.getTime() ?? 1) % 60_000).toBe(0);
    await eventually(() => heard.length === 5);
    // what is as it was is not told
    await report(two);
    await report(one, [boris, 'active']);
    await eventually(() => heard.length === 6);
    expect(heard).toEqual([anna, anna, anna, anna, anna, boris]);
    end();
  });

  test('those of a gateway that falls silent are off line when its lease is over, and it is told that it was forgotten', async () => {
    const [crashed, alive] = [uuid(), uuid()];
    const { heard, end } = told();
    await report(crashed, [anna, 'active'], [boris, 'active']);
    await report(alive, [boris, 'active']);
    await eventually(async () => {
      expect((await report(alive)).known).toBe(true);
      return (await availability()) === Availability.OFFLINE;
    });
    expect((await of(anna))?.lastSeenAt).toBeInstanceOf(Date);
    expect(await availability(boris)).toBe(Availability.ONLINE);
    await eventually(() => heard.filter((userId) => userId === anna).length === 2);
    // it was cut off, and is not dead
    expect((await report(crashed)).known).toBe(false);
    end();
  });

  test('what somebody says of themself counts while they are here, and ends when they said', async () => {
    const gateway = uuid();
    await report(gateway, [anna, 'active']);
    const until = new Date(Date.now() + 1_500);
    const { presence } = await replicas[0].presence.setStatus(
      { emoji: '🌴', text: 'On holiday', until, availability: Availability.DND },
      by('anna'),
    );
    expect(presence).toEqual({
      userId: anna,
      availability: Availability.DND,
      lastSeenAt: undefined,
      status: { emoji: '🌴', text: 'On holiday', until },
    });
    const { heard, end } = told();
    await eventually(async () => {
      await report(gateway);
      return heard.includes(anna);
    });
    expect(await of(anna)).toMatchObject({ availability: Availability.ONLINE, status: undefined });
    end();
    const wrong = (at: number) =>
      replicas[0].presence.setStatus({ text: 'x', until: new Date(at) }, by('anna'));
    await expect(wrong(Date.now() - 1)).rejects.toMatchObject({ code: 'invalid_input' });
    for (const request of [{ emoji: 'no emoji' }, { text: ' ' }, { availability: Availability.OFFLINE }])
      await expect(replicas[0].presence.setStatus(request, by('anna'))).rejects.toMatchObject({
        code: 'invalid_input',
      });
  });

  test('nothing of it is left of somebody whose account is gone', async () => {
    const gateway = uuid();
    await replicas[0].presence.setStatus({ text: 'Still here' }, by('anna'));
    await report(gateway, [anna, 'active']);
    await replicas[0].erasure.forgetUser({ userId: anna }, asService);
    await report(gateway, [anna, 'gone']);
    expect(await opened.database.query('SELECT FROM chat.statuses WHERE user_id = $1', [anna])).toEqual([]);
    expect(await of(anna)).toMatchObject({ availability: Availability.OFFLINE, status: undefined });
  });
});

import { Logger } from '@nestjs/common';
import { AppError } from '@veche/errors';
import { eventually } from '@veche/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { MembershipSnapshots } from './membership-snapshots';

// what fails here is to fail
beforeAll(() => Logger.overrideLogger(false));

const setUp = () => {
  const asked: string[][] = [];
  const applied: string[] = [];
  const here = { isHere: (_userId: string) => true };
  const fault: { of: (userIds: string[]) => Error | undefined } = { of: () => undefined };
  const snapshots = new MembershipSnapshots({
    list: (userIds) => {
      asked.push(userIds);
      const error = fault.of(userIds);
      return error ? Promise.reject(error) : Promise.resolve([]);
    },
    isHere: (userId) => here.isHere(userId),
    everybody: () => users,
    apply: (userId) => void applied.push(userId),
  });
  return { snapshots, asked, applied, here, fault };
};

const tooMuchOf = (heavy: string) => (userIds: string[]) =>
  userIds.includes(heavy) ? new AppError('payload_too_large') : undefined;

const users = Array.from({ length: 200 }, (_, i) => `user ${i}`);

test('one whose rooms are too many keeps nobody else from theirs', async () => {
  const { snapshots, asked, applied, fault } = setUp();
  fault.of = tooMuchOf('user 77');
  snapshots.request(users);
  await eventually(() => applied.length === 199);
  expect(new Set(applied)).toEqual(new Set(users.filter((id) => id !== 'user 77')));
  // two for each time that two hundred can be halved, and the first
  await eventually(() => asked.at(-1)?.length === 1);
  expect(asked.length).toBeLessThanOrEqual(17);

  // whoever comes now does not wait for them, and they are not asked for before their time
  snapshots.request(['user 77', 'late']);
  await eventually(() => applied.includes('late'));
  expect(asked.at(-1)).toEqual(['late']);
  snapshots.close();
});

test('and gets their own when they have become fewer', async () => {
  const { snapshots, applied, fault } = setUp();
  fault.of = tooMuchOf('heavy');
  snapshots.request(['heavy', 'light']);
  await eventually(() => applied.length === 1);
  fault.of = () => undefined;
  await eventually(() => applied.includes('heavy'));
  snapshots.close();
});

test('whoever has gone is not tried again', async () => {
  const { snapshots, asked, here, fault } = setUp();
  fault.of = tooMuchOf('heavy');
  here.isHere = () => false;
  snapshots.request(['heavy']);
  await eventually(() => asked.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(asked).toEqual([['heavy']]);
  snapshots.close();
});

test('a service that is away is asked for the same again, and not the more', async () => {
  const { snapshots, asked, applied, fault } = setUp();
  fault.of = () => new AppError('unavailable');
  snapshots.request(users);
  await eventually(() => asked.length === 3);
  fault.of = () => undefined;
  await eventually(() => applied.length === 200);
  expect(asked.map((userIds) => userIds.length)).toEqual([200, 200, 200, 200]);
  snapshots.close();
});

test('everybody is read again once something may have been missed, and not without end however often that is said', async () => {
  let reading = 0;
  let reads = 0;
  const snapshots = new MembershipSnapshots({
    list: async () => {
      reads++;
      const began = performance.now();
      await pause(20);
      reading += performance.now() - began;
      return [];
    },
    isHere: () => true,
    everybody: () => users,
    apply: () => undefined,
  });
  const began = performance.now();
  const saying = setInterval(() => snapshots.requestAll(), 1);
  await eventually(() => reads === 5);
  clearInterval(saying);
  // four rests between five reads, the last of which may go on
  expect(performance.now() - began).toBeGreaterThan((4 / 5) * 8 * reading);
  const said = reads;
  snapshots.requestAll();
  await eventually(() => reads > said);
  snapshots.close();
});

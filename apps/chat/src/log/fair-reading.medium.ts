import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { createRoom } from '../../test/rooms';
import { CHAT_DATABASE } from '../chat.database';
import { LogRepository } from './log.repository';

const people = new People();
const names = ['anna', 'boris', 'clara', 'david', 'elena', 'fjodor', 'greta'];
const [anna, ...others] = names.map((name) => people.add(name)) as [string, ...string[]];

describe('reading', () => {
  let opened: TestDatabase;
  let replica: Replica;
  let roomId: string;
  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    replica = await startReplica(opened.url, new BreakableBus(), { people, poolSize: 10 });
    roomId = await createRoom(replica, 'private', [anna, ...others]);
  });
  afterAll(async () => {
    await replica.close();
    await opened.close();
  });
  afterEach(() => jest.restoreAllMocks());

  /** Pages that are read take until they are released. */
  const slowPages = () => {
    const repository = replica.get(LogRepository);
    const read = repository.page.bind(repository);
    const running: (string | undefined)[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    jest.spyOn(repository, 'page').mockImplementation(async (room, reader, part) => {
      running.push(reader);
      await released;
      return read(room, reader, part);
    });
    return { running, release };
  };
  const page = (name: string) => replica.messages.listEvents({ roomId, after: 0 }, by(name));
  const send = (name: string) =>
    replica.messages.sendMessage({ roomId, text: 'x', clientId: uuid() }, by(name));

  test('of one user, however much at once, holds up neither reads of others nor what is sent', async () => {
    const { running, release } = slowPages();
    const greedy = Array.from({ length: 100 }, () => page('anna'));
    await eventually(() => running.length >= 2);
    const other = page('boris');
    await eventually(() => running.length >= 3);
    expect(running).toEqual([anna, anna, others[0]]);
    await send('anna');
    await send('clara');
    release();
    const pages = await Promise.all([...greedy, other]);
    expect(pages.every(({ complete }) => complete)).toBe(true);
  });

  test('of many users takes half of the connections at most', async () => {
    const { running, release } = slowPages();
    const pages = names.flatMap((name) => [page(name), page(name), page(name)]);
    await eventually(() => running.length >= 5);
    await send('anna');
    expect(running).toHaveLength(5);
    release();
    await Promise.all(pages);
    expect(running).toHaveLength(pages.length);
  });

  test('is refused where more would only wait longer', async () => {
    const { release } = slowPages();
    const pages = Array.from({ length: 300 }, () =>
      page('anna').then(
        () => 'read',
        ({ code }: { code: string }) => code,
      ),
    );
    await send('anna');
    release();
    const answers = await Promise.all(pages);
    expect(answers.filter((a) => a === 'read')).toHaveLength(202);
    expect(answers.filter((a) => a === 'rate_limited')).toHaveLength(98);
  });
});

import { createSession } from '@veche/client';
import { eventually } from '@veche/testing';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BadNetwork, type User, watch } from '../harness/bad-network';
import { Machine } from '../harness/machine';
import { TestDatabases } from '../harness/databases';
import { Person, unique } from '../harness/people';
import { download, upload } from '../harness/uploads';
import { type Shape, shapeOfRun, Veche } from '../harness/veche';
import type { Entry } from '../harness/wire';

jest.setTimeout(300_000);

/** Somebody who writes without a pause, and what they were told is committed. */
const writing = (
  user: User,
  roomId: string,
): { readonly acknowledged: readonly Entry[]; stop(): Promise<void> } => {
  const acknowledged: Entry[] = [];
  let stopped = false;
  const done = (async () => {
    for (let n = 1; !stopped; n++) {
      acknowledged.push(await user.client.room(roomId).send(`message ${n}`).committed);
      await pause(20);
    }
  })();
  const stop = (): Promise<void> => {
    stopped = true;
    return done;
  };
  return { acknowledged, stop };
};

/** With a key of its own, which is kept where the server would have made one. */
const started = async (shape: Shape): Promise<Veche> => {
  const veche = await Veche.prepare(shape, { ownKey: true });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  mkdirSync(dirname(veche.doors.keyFile));
  writeFileSync(veche.doors.keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await veche.launch();
  return veche;
};

const twoInARoom = async (network: BadNetwork): Promise<{ anna: User; boris: User; roomId: string }> => {
  const [anna, boris] = [await network.user('anna'), await network.user('boris')];
  const members = [boris.username];
  const { id: roomId } = await anna.client.api.rooms.create({
    name: unique('room'),
    kind: 'public',
    members,
  });
  for (const user of [anna, boris]) watch(user, roomId);
  return { anna, boris, roomId };
};

test('a backup that is made while people write brings everything back, and clients that were connected come out right', async () => {
  const veche = await started(shapeOfRun());
  const network = await BadNetwork.open(veche);
  const folder = mkdtempSync(join(tmpdir(), 'veche-backup-'));
  try {
    const operator = new Machine(veche.settings);
    const { anna, boris, roomId } = await twoInARoom(network);
    // before the backup, which would not know their sessions
    const direct = await network.directly(anna);
    await network.directly(boris);
    const pages = createSession({ url: veche.doors.gateways[0] ?? '', tokenTransport: 'body' });
    await pages.login({ login: anna.username, password: direct.password });
    const { token } = direct.rest;

    const sent = await upload(direct.rest, 'photo.bin', Buffer.alloc(9_000_000, 'photo'));
    const empty = await upload(direct.rest, 'empty', Buffer.alloc(0));
    await direct.rest.post(`/rooms/${roomId}/messages`, {
      ...{ text: 'files', clientId: 'files', attachmentIds: [sent.id, empty.id] },
    });
    const file = join(folder, 'backup.tar.gz');
    const writers = [writing(anna, roomId), writing(boris, roomId)];
    await eventually(() => writers.every(({ acknowledged }) => acknowledged.length > 20));
    const before = writers.flatMap(({ acknowledged }) => [...acknowledged]);
    const said = await operator.does(['backup', file]);
    expect(said).toMatch(/holds [\d,]+ rows of \d+ tables, and 1 key, and 2 files\./);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const during = writers.map(({ acknowledged }) => acknowledged.length);
    expect(during.reduce((sum, n) => sum + n)).toBeGreaterThan(before.length);
    // and more that no backup has
    await eventually(() =>
      writers.every(({ acknowledged }, i) => acknowledged.length > (during[i] ?? 0) + 20),
    );
    await Promise.all(writers.map(({ stop }) => stop()));
    await network.becomeWhole(anna, boris);
    const seen = (await direct.log(roomId)).length;

    network.link.cut();
    await veche.lose();
    await operator.does(['restore', file]);
    const again = await operator.run(['restore', file]);
    expect(again.code).toBe(1);
    expect(again.err).toContain('The place is not empty');
    await veche.launch();

    // the token from before, the password from before, the session from before
    expect((await direct.rest.get<{ id: string }>('/users/me')).id).toBe(anna.id);
    expect(direct.rest.token).toBe(token);
    await Person.login(veche.doors, { login: anna.username, password: direct.password });
    expect(await pages.getToken({ fresh: true })).toEqual(expect.any(String));

    for (const { id, size } of [sent, empty])
      expect((await download(direct.rest, `/files/${id}/x`)).bytes.length).toBe(size);

    const log = await direct.log(roomId);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
    expect(log).toEqual(expect.arrayContaining(before));
    expect(log.length).toBeLessThan(seen);
    network.link.mend();
    await network.becomeWhole(anna, boris);
    const entry = await boris.client.room(roomId).send('and on we go').committed;
    expect(entry.seq).toBeGreaterThan(log.length);
    await network.becomeWhole(anna, boris);
  } finally {
    network.close();
    await veche.destroy();
    rmSync(folder, { recursive: true });
  }
});

// there is no PostgreSQL to move to where nothing but Node is needed
const testWithPostgres = shapeOfRun() === 'postgres' ? test : test.skip;

testWithPostgres(
  'everything moves to PostgreSQL and back, also when it is killed on the way, and clients go on',
  async () => {
    const veche = await started('embedded');
    const databases = new TestDatabases();
    const url = databases.url('moved');
    const network = await BadNetwork.open(veche);
    const folder = mkdtempSync(join(tmpdir(), 'veche-moved-'));
    try {
      const { anna, boris, roomId } = await twoInARoom(network);
      const say = async (text: string): Promise<void> => {
        await Promise.all([anna, boris].map(({ client }) => client.room(roomId).send(text).committed));
        await network.becomeWhole(anna, boris);
      };
      await Promise.all(
        Array.from({ length: 300 }, (_, n) => anna.client.room(roomId).send(`message ${n}`).committed),
      );
      await say('before');
      const direct = await network.directly(anna);
      const log = await direct.log(roomId);

      network.link.cut();
      await veche.stop();
      const here = new Machine(veche.settings);
      expect((await here.run(['move', '--cancel'])).err).toContain('there is nothing to cancel');
      // on a fast machine it may be done before it is stopped
      for (let ms = 700, code: number | null = 1; code !== 0; ms += 20_000) {
        const { child, done } = here.start(['move', '--to', url]);
        const timer = setTimeout(() => child.kill('SIGTERM'), ms);
        ({ code } = await done);
        clearTimeout(timer);
        expect(ms).toBeLessThan(60_000);
      }
      expect((await here.run(['move', '--to', folder])).err).toContain('It was moved to postgres');
      veche.set({ DATABASE_URL: url });
      await veche.launch();
      expect(await direct.log(roomId)).toEqual(log);
      network.link.mend();
      await network.becomeWhole(anna, boris);
      await say('on PostgreSQL');

      const there = new Machine(veche.settings);
      const early = await there.run(['move', '--to', folder]);
      expect(early.err).toContain('Servers are connected to the database');
      await veche.stop();
      await there.does(['move', '--to', folder]);
      // whoever starts it on what was left behind hears where everything is
      await expect(veche.launch()).rejects.toThrow(/It was moved to/);
      veche.set({ DATABASE_URL: '', DATA_DIR: folder });
      await veche.launch();
      await network.becomeWhole(anna, boris);
      await say('and home again');
    } finally {
      network.close();
      await veche.destroy();
      await databases.drop();
      rmSync(folder, { recursive: true });
    }
  },
);

import { RoomKind } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { FileStore } from '@veche/files';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';
import { FilesSweep } from './files.sweep';

const service = { requestId: 'test' };

describe('files in messages', () => {
  let opened: TestDatabase;
  let replica: Replica;
  let other: Replica;
  let folder: string;
  const people = new People();
  const [anna, boris, eve] = ['anna', 'boris', 'eve'] as const;
  const ids = new Map([anna, boris, eve].map((name) => [name, people.add(name)]));

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    folder = await mkdtemp(join(tmpdir(), 'veche-files-'));
    const bus = new BreakableBus();
    const settings = { FILES_DIR: folder, FILE_MAX_MB: 2, FILES_PER_USER_MB: 3 };
    replica = await startReplica(opened.url, bus, { people, poolSize: 5, settings });
    other = await startReplica(opened.url, bus, { people, poolSize: 5, settings });
  });
  afterAll(async () => {
    await Promise.all([replica, other].map((one) => one.close()));
    await opened.close();
    await rm(folder, { recursive: true });
  });

  const create = async (...members: string[]): Promise<string> => {
    const request = { name: `room ${randomUUID()}`, kind: RoomKind.PRIVATE, members };
    return (await replica.rooms.createRoom(request, by(anna))).room?.id ?? '';
  };
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'was not refused',
      (error: AppError) => error.code,
    );
  const store = (): FileStore => replica.get(FileStore);
  const sumOf = (content: string): string => createHash('sha256').update(content).digest('hex');
  /** As a gateway does it. */
  const upload = async (who: string, content: string, at = replica): Promise<string> => {
    const size = content.length;
    const id = (await at.attachments.createUpload({ name: 'a.txt', size }, by(who))).upload?.id ?? '';
    const attachment = { id, name: '', size, type: 'text/plain', thumbnails: [] };
    const sha256 = sumOf(content);
    await at.attachments.describeUpload({ id, sha256, attachment }, service);
    const path = await store().scratch();
    await writeFile(path, content);
    await store().put(sha256, path);
    await at.attachments.finishUpload({ id, sha256 }, service);
    return id;
  };
  const send = (
    roomId: string,
    who: string,
    attachmentIds: string[],
    clientId = randomUUID() as string,
    at = replica,
  ) => at.messages.sendMessage({ roomId, text: '', clientId, attachmentIds }, by(who));
  const sweepNow = async (): Promise<void> => {
    await opened.database.query("UPDATE chat.file_sweeps SET due_at = now() - interval '1 second'");
    await Promise.all([replica, other].map((one) => one.get(FilesSweep).round()));
  };
  const isKept = async (content: string): Promise<boolean> =>
    (await store().open(sumOf(content))) !== undefined;

  it('are in one message, however many ask for them at once, by two replicas', async () => {
    const roomId = await create(boris);
    const id = await upload(anna, 'one message');
    const clientIds = [randomUUID(), randomUUID(), randomUUID()];
    const asked = [...clientIds, ...clientIds].map((clientId, i) =>
      send(roomId, anna, [id], clientId, i % 2 ? replica : other),
    );
    const answers = await Promise.allSettled(asked);
    const seqs = answers.flatMap((a) => (a.status === 'fulfilled' ? [a.value.entry?.seq] : []));
    expect(new Set(seqs).size).toBe(1);
    expect(answers.filter((a) => a.status === 'rejected')).toHaveLength(answers.length - seqs.length);
    const rows = await opened.database.query('SELECT room_id, seq::int FROM chat.attachments WHERE id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ room_id: roomId, seq: seqs[0] }]);
    const { entries } = await other.messages.listMessages({ roomId }, by(boris));
    expect(entries.map(({ body }) => body?.value)).toMatchObject([
      { attachments: [{ id, name: 'a.txt', size: 11, type: 'text/plain' }] },
    ]);
  });

  it('are not attached before they are there, nor by somebody else, and nothing is written then', async () => {
    const roomId = await create(boris);
    const begun = await replica.attachments.createUpload({ name: 'x', size: 5 }, by(anna));
    const mine = await upload(anna, 'mine');
    expect(await codeOf(send(roomId, anna, [begun.upload?.id ?? '']))).toBe('attachment_not_found');
    expect(await codeOf(send(roomId, boris, [mine]))).toBe('attachment_not_found');
    expect(await codeOf(send(roomId, anna, [mine, randomUUID()]))).toBe('attachment_not_found');
    expect(await codeOf(send(roomId, eve, [mine]))).toBe('room_not_found');
    expect((await replica.messages.listMessages({ roomId }, by(anna))).entries).toEqual([]);
    await send(roomId, anna, [mine]);
    expect(await codeOf(replica.attachments.cancelUpload({ id: mine }, by(anna)))).toBe('upload_not_found');
  });

  it('leave with their message, and their bytes with the last that refers to them', async () => {
    const roomId = await create(boris);
    const content = 'the same for two';
    const [first, second] = [await upload(anna, content), await upload(boris, content)];
    const one = await send(roomId, anna, [first]);
    const two = await send(roomId, boris, [second]);
    await replica.messages.deleteMessage({ roomId, seq: one.entry?.seq ?? 0 }, by(anna));
    expect(await codeOf(replica.attachments.openAttachment({ id: first }, by(anna)))).toBe(
      'attachment_not_found',
    );
    await sweepNow();
    expect(await isKept(content)).toBe(true);
    await replica.messages.deleteMessage({ roomId, seq: two.entry?.seq ?? 0 }, by(boris));
    expect(await isKept(content)).toBe(true);
    await sweepNow();
    expect(await isKept(content)).toBe(false);
    const [left] = await opened.database.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM chat.file_sweeps',
    );
    expect(left?.n).toBe(0);
  });

  it('are not swept while somebody is about to refer to them', async () => {
    const content = 'again';
    const id = await upload(anna, content);
    await replica.attachments.cancelUpload({ id }, by(anna));
    await opened.database.query("UPDATE chat.file_sweeps SET due_at = now() - interval '1 second'");
    // described, and its bytes still to come
    const again = (await replica.attachments.createUpload({ name: 'x', size: 5 }, by(anna))).upload?.id ?? '';
    const attachment = { id: again, name: '', size: 5, type: 'text/plain', thumbnails: [] };
    await replica.attachments.describeUpload({ id: again, sha256: sumOf(content), attachment }, service);
    await sweepNow();
    expect(await isKept(content)).toBe(true);
  });

  it('are gone after a day where no message refers to them', async () => {
    const roomId = await create(boris);
    const [loose, sent] = [await upload(anna, 'loose'), await upload(anna, 'sent')];
    await send(roomId, anna, [sent]);
    await opened.database.query(
      `UPDATE chat.attachments SET created_at = now() - interval '25 hours' WHERE id IN ($1, $2)`,
      [loose, sent],
    );
    await sweepNow();
    await sweepNow();
    expect(await codeOf(replica.attachments.getUpload({ id: loose }, by(anna)))).toBe('upload_not_found');
    expect([await isKept('loose'), await isKept('sent')]).toEqual([false, true]);
  });

  it('go with a room, and with an account', async () => {
    const roomId = await create(boris);
    const kept = await create(boris);
    const [inRoom, ofBoris, loose] = [
      await upload(anna, 'in the room'),
      await upload(boris, 'of boris'),
      await upload(boris, 'loose of boris'),
    ];
    await send(roomId, anna, [inRoom]);
    const { entry } = await send(kept, boris, [ofBoris]);
    await replica.rooms.deleteRoom({ roomId }, by(anna));
    await replica.erasure.forgetUser({ userId: ids.get(boris) ?? '' }, service);
    const message = await replica.messages.getMessage({ roomId: kept, seq: entry?.seq ?? 0 }, by(anna));
    expect(message.entry?.body?.value).toMatchObject({ attachments: [] });
    await eventuallyGone([inRoom, ofBoris, loose]);
    await sweepNow();
    for (const content of ['in the room', 'of boris', 'loose of boris'])
      expect(await isKept(content)).toBe(false);
  });

  it('are bounded for each and for one person, with what is left', async () => {
    const create = (size: number, at = replica) =>
      at.attachments.createUpload({ name: 'x', size }, by(eve)).catch((error: AppError) => error);
    expect(await create(2_000_001)).toMatchObject({ code: 'file_too_large', data: { left: 2_000_000 } });
    // of what is begun at once, each counts what was begun before
    const begun = await Promise.all([0, 1, 2, 3].map((i) => create(1_000_000, i % 2 ? replica : other)));
    expect(begun.filter((one) => 'upload' in one)).toHaveLength(3);
    expect(begun.find((one) => !('upload' in one))).toMatchObject({
      code: 'storage_full',
      data: { left: 0 },
    });
  });

  const eventuallyGone = async (files: readonly string[]): Promise<void> => {
    await eventually(
      async () =>
        (await opened.database.query('SELECT FROM chat.attachments WHERE id = ANY ($1::uuid[])', [files]))
          .length === 0,
    );
  };
});

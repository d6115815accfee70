import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { StoredFile, Upload } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { v7 as uuid } from 'uuid';
import { CALLER_ID, startGateway } from '../../../test/started-gateway';

const folder = mkdtempSync(join(tmpdir(), 'veche-files-'));

/** Stands in for chat: it knows of uploads and files, and not what is in them. */
class Chat {
  private readonly uploads = new Map<string, Upload>();
  private readonly files = new Map<string, StoredFile>();

  createUpload({ name, size }: { name: string; size: number }) {
    const upload: Upload = { id: uuid(), name, size, attachment: undefined };
    this.uploads.set(upload.id, upload);
    return { upload };
  }
  getUpload({ id: uploadId }: { id: string }) {
    const upload = this.uploads.get(uploadId);
    if (!upload) throw new AppError('upload_not_found');
    return { upload: { ...upload, attachment: this.files.get(uploadId)?.attachment } };
  }
  cancelUpload({ id: uploadId }: { id: string }) {
    if (!this.uploads.delete(uploadId)) throw new AppError('upload_not_found');
    return {};
  }
  private described: StoredFile = { sha256: '', attachment: undefined };
  describeUpload(described: StoredFile) {
    this.described = described;
    return {};
  }
  finishUpload({ id: uploadId, sha256 }: { id: string; sha256: string }) {
    this.files.set(uploadId, { sha256, attachment: this.described.attachment });
    return { attachment: this.described.attachment };
  }
  openAttachment({ id: fileId }: { id: string }) {
    const file = this.files.get(fileId);
    if (!file) throw new AppError('attachment_not_found');
    return { file };
  }
  openAttachmentFor(wanted: { id: string; userId: string }) {
    if (wanted.userId !== CALLER_ID) throw new AppError('attachment_not_found');
    return this.openAttachment(wanted);
  }
}

const chat = new Chat() as unknown as Record<string, ((request: unknown) => unknown) | undefined>;

let app: NestFastifyApplication;
beforeAll(async () => {
  // the processes that look into files run what this test runs: TypeScript
  process.execArgv.push('-r', join(__dirname, '../../../../../test/harness/register.cjs'));
  app = await startGateway(
    (method, request) => (method === 'getInstallation' ? { id: CALLER_ID } : chat[method]?.(request)),
    { RATE_LIMIT: 100_000, FILES_DIR: folder },
  );
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = (method: string, url: string, headers: Record<string, string> = {}, payload?: Buffer) =>
  app.inject({
    method: method as 'GET',
    url: `/api/v1${url}`,
    headers: { authorization: 'Bearer user', ...headers },
    ...(payload && { payload }),
  });
const stream = { 'content-type': 'application/offset+octet-stream', 'tus-resumable': '1.0.0' };
const begin = async (name: string, size: number): Promise<string> => {
  const metadata = `filename ${Buffer.from(name).toString('base64')}`;
  const answer = await call('POST', '/uploads', {
    'upload-length': String(size),
    'upload-metadata': metadata,
  });
  expect(answer.statusCode).toBe(201);
  return answer.headers.location?.toString().replace('/api/v1', '') ?? '';
};
const send = (at: string, offset: number, bytes: Buffer) =>
  call('PATCH', at, { ...stream, 'upload-offset': String(offset) }, bytes);
const whole = async (name: string, bytes: Buffer): Promise<{ id: string; type: string }> => {
  const at = await begin(name, bytes.length);
  expect((await send(at, 0, bytes)).statusCode).toBe(204);
  return (await call('GET', at)).json<{ attachment: { id: string; type: string } }>().attachment;
};

test('an upload goes on where it was cut, and is a file that can be read in parts', async () => {
  const at = await begin('notes.txt', 10);
  expect((await send(at, 0, Buffer.from('0123'))).headers['upload-offset']).toBe('4');
  expect((await call('HEAD', at)).headers['upload-offset']).toBe('4');
  expect((await send(at, 2, Buffer.from('x'))).json()).toMatchObject({ code: 'upload_conflict' });
  expect((await send(at, 4, Buffer.from('4567890abc'))).json()).toMatchObject({ code: 'invalid_input' });
  const { attachment } = (await call('GET', at)).json<{ attachment: { id: string } }>();
  expect(attachment).toMatchObject({ name: 'notes.txt', size: 10 });
  const path = `/files/${attachment.id}/notes.txt`;
  const all = await call('GET', path);
  expect([all.statusCode, all.body, all.headers['content-type']]).toEqual([
    200,
    '0123456789',
    'application/octet-stream',
  ]);
  const part = await call('GET', path, { range: 'bytes=2-4' });
  expect([part.statusCode, part.body, part.headers['content-range']]).toEqual([206, '234', 'bytes 2-4/10']);
  expect((await call('GET', path, { range: 'bytes=10-' })).json()).toMatchObject({
    code: 'range_not_satisfiable',
  });
  expect((await call('GET', path, { 'if-none-match': String(all.headers.etag) })).statusCode).toBe(304);
  const { url } = (await call('POST', `/files/${attachment.id}/link`)).json<{ url: string }>();
  expect((await app.inject({ method: 'GET', url })).body).toBe('0123456789');
  expect((await app.inject({ method: 'GET', url: url.replace('links/', 'links/x') })).statusCode).toBe(404);
});

test('a picture is written anew, with smaller ones; what is none of its kind has none', async () => {
  const pixels = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#0a6' } })
    .withExif({ IFD0: { Artist: 'somebody' } })
    .jpeg()
    .toBuffer();
  const picture = await whole('holiday.jpg', pixels);
  expect(picture).toMatchObject({ type: 'image/jpeg', width: 900, height: 600 });
  const kept = await call('GET', `/files/${picture.id}/holiday.jpg`);
  expect(kept.headers['content-disposition']).toMatch(/^inline/);
  expect((await sharp(kept.rawPayload).metadata()).exif).toBeUndefined();
  const saved = await call('GET', `/files/${picture.id}/holiday.jpg?download=true`);
  expect(saved.headers['content-disposition']).toMatch(/^attachment/);
  const small = await call('GET', `/files/${picture.id}/thumbnail?size=small`);
  expect(small.headers['content-type']).toBe('image/webp');
  expect((await sharp(small.rawPayload).metadata()).width).toBe(400);

  const page = await whole('page.png', Buffer.from('<!doctype html><script>alert(1)</script>'));
  const sent = await call('GET', `/files/${page.id}/page.png`);
  expect(sent.headers['content-type']).toBe('application/octet-stream');
  expect((await call('GET', `/files/${page.id}/thumbnail`)).statusCode).toBe(404);
});

test('what is no picture though it begins as one leaves nothing behind', async () => {
  const png = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const broken = png.subarray(0, 40);
  const at = await begin('broken.png', broken.length);
  expect((await send(at, 0, broken)).json()).toMatchObject({ code: 'unreadable_picture' });
  expect((await call('GET', at)).json()).toMatchObject({ code: 'upload_not_found' });
});

test('a request that is none of the protocol is refused; an upload can be given up', async () => {
  expect((await call('POST', '/uploads')).json()).toMatchObject({ code: 'invalid_input' });
  expect((await call('POST', '/uploads', { 'tus-resumable': '0.2' })).json()).toMatchObject({
    code: 'invalid_input',
  });
  const options = await call('OPTIONS', '/uploads');
  expect([options.statusCode, options.headers['tus-version']]).toEqual([204, '1.0.0']);
  const at = await begin('given up', 3);
  expect((await call('PATCH', at, stream, Buffer.from('x'))).json()).toMatchObject({ code: 'invalid_input' });
  expect((await call('DELETE', at)).statusCode).toBe(204);
  expect((await call('HEAD', at)).statusCode).toBe(404);
  const empty = await call('POST', '/uploads', { 'upload-length': '0' });
  expect(empty.json()).toMatchObject({ attachment: { size: 0 } });
});

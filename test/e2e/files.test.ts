import { ATTACHMENTS } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import sharp from 'sharp';
import { Grpc } from '../harness/grpc';
import { Person } from '../harness/people';
import { append, beginUpload, download, OFFSET_STREAM, upload, type Upload } from '../harness/uploads';
import { sharedDoors } from '../harness/veche';
import type { Entry, Items } from '../harness/wire';

const doors = sharedDoors();
const gateways = doors.gateways;

let [owner, member, stranger]: Person[] = [];
let roomId = '';
beforeAll(async () => {
  [owner, member, stranger] = [
    await Person.register(doors, 'owner'),
    await Person.register(doors, 'member'),
    await Person.register(doors, 'stranger'),
  ];
  roomId = (await owner.createRoom('private', [member])).id;
});

afterAll(() => [owner, member].forEach((one) => one?.leave()));

const send = (
  by: Person,
  text: string,
  attachmentIds: string[],
  clientId: string = randomUUID(),
  room = roomId,
) => by.rest.request<Entry>('POST', `/rooms/${room}/messages`, { body: { text, clientId, attachmentIds } });

test('a file goes from one to the other, with the message that carries it, once', async () => {
  const bytes = randomBytes(300_000);
  const file = await upload(owner!.rest, 'notes.bin', bytes);
  expect(file).toMatchObject({ name: 'notes.bin', size: 300_000, type: 'application/octet-stream' });
  const heard = await Promise.all(gateways.map((gateway) => member!.socket(gateway)));
  const clientId = randomUUID();
  const first = await send(owner!, '', [file.id], clientId);
  expect(first).toMatchObject({ status: 201, body: { text: '', attachments: [file] } });
  const again = await send(owner!, '', [file.id], clientId);
  expect(again).toMatchObject({ status: 200, body: first.body });
  for (const one of heard)
    expect(await one.hears<Entry>('event', (e) => e.seq === first.body.seq)).toMatchObject({
      attachments: [file],
    });
  const { items } = await member!.rest.get<Items<Entry>>(`/rooms/${roomId}/messages`);
  expect(items[0]).toMatchObject({ attachments: [file] });
  // a file is for one message
  expect(await send(owner!, 'another', [file.id])).toMatchObject({
    status: 404,
    body: { code: 'attachment_not_found' },
  });
  const got = await download(member!.rest, `/files/${file.id}/notes.bin`);
  expect(got.status).toBe(200);
  expect(got.bytes.equals(bytes)).toBe(true);
  for (const one of heard) one.close();
});

test('by a socket and by gRPC alike; plain messages have no field of it', async () => {
  const [one, two] = [
    await upload(owner!.rest, 'one', Buffer.from('1')),
    await upload(owner!.rest, 'two', Buffer.from('2')),
  ];
  const socket = await owner!.socket();
  const message = { roomId, text: 'two of them', clientId: randomUUID(), attachmentIds: [two.id, one.id] };
  const { event } = await socket.call<{ event: Entry }>('message:send', message);
  expect(event).toMatchObject({ attachments: [two, one] });
  const grpc = new Grpc(ATTACHMENTS.definition, doors.chat.at(-1) ?? '', member!.token);
  const { file } = await grpc.call('openAttachment', { id: one.id });
  expect(file?.attachment).toMatchObject({ id: one.id, name: 'one' });
  // what only services may say
  await expect(
    grpc.call('describeUpload', { id: one.id, sha256: 'a'.repeat(64), attachment: file?.attachment }),
  ).rejects.toMatchObject({ code: 'forbidden' });
  await expect(grpc.call('openAttachmentFor', { id: one.id, userId: owner!.id })).rejects.toMatchObject({
    code: 'forbidden',
  });
  grpc.close();
  expect(await owner!.send(roomId, 'plain')).not.toHaveProperty('attachments');
});

test('who is not in the room has no file of it, also who was; nor has a link of theirs', async () => {
  const file = await upload(owner!.rest, 'secret.txt', Buffer.from('for members'));
  const status = async (by: Person, path = `/files/${file.id}/x`) => (await download(by.rest, path)).status;
  // not sent yet: its owner's alone
  expect([await status(owner!), await status(member!)]).toEqual([200, 404]);
  expect(await send(member!, 'not mine', [file.id])).toMatchObject({
    body: { code: 'attachment_not_found' },
  });
  const room = (await owner!.createRoom('private', [member!])).id;
  await send(owner!, 'here', [file.id], randomUUID(), room);
  const { url } = await member!.rest.post<{ url: string }>(`/files/${file.id}/link`);
  expect(url).not.toContain(member!.token);
  const anonymous = { rest: { gateway: gateways[0] } } as unknown as Person;
  for (const gateway of gateways) expect((await fetch(gateway + url)).status).toBe(200);
  expect((await fetch(gateways[0] + url.replace(file.id, randomUUID()))).status).toBe(404);
  expect([await status(member!), await status(stranger!), await status(anonymous)]).toEqual([200, 404, 401]);
  await owner!.rest.delete(`/rooms/${room}/members/${member!.id}`);
  expect(await status(member!)).toBe(404);
  expect((await fetch(gateways[0] + url)).status).toBe(404);
});

test('a message that is deleted takes its files away at every door at once', async () => {
  const file = await upload(owner!.rest, 'gone.txt', Buffer.from('gone'));
  const clientId = randomUUID();
  const { body } = await send(owner!, 'with a file', [file.id], clientId);
  const { url } = await member!.rest.post<{ url: string }>(`/files/${file.id}/link`);
  await owner!.rest.delete(`/rooms/${roomId}/messages/${body.seq}`);
  for (const gateway of gateways) {
    expect((await fetch(gateway + url)).status).toBe(404);
    expect((await download(member!.rest, `/files/${file.id}/gone.txt`)).status).toBe(404);
  }
  expect(await member!.rest.get(`/rooms/${roomId}/messages/${body.seq}`)).not.toHaveProperty('attachments');
  // the retry of it gets what is left of it
  expect(await send(owner!, 'with a file', [file.id], clientId)).toMatchObject({
    status: 200,
    body: { seq: body.seq, text: '' },
  });
});

test('a part of a file, and what has not changed', async () => {
  const file = await upload(owner!.rest, 'long', Buffer.from('0123456789'));
  const part = async (range: string, more: Record<string, string> = {}) => {
    const { status, headers, bytes } = await download(owner!.rest, `/files/${file.id}/long`, {
      range,
      ...more,
    });
    return [status, headers.get('content-range'), bytes.toString()];
  };
  expect(await part('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
  expect(await part('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
  expect(await part('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
  expect(await part('bytes=0-1,4-5')).toEqual([200, null, '0123456789']);
  expect(await part('bytes=5-1')).toEqual([200, null, '0123456789']);
  expect((await part('bytes=10-')).slice(0, 2)).toEqual([416, 'bytes */10']);
  const { headers } = await download(owner!.rest, `/files/${file.id}/long`);
  const etag = headers.get('etag') ?? '';
  expect(await part('bytes=2-4', { 'if-range': etag })).toEqual([206, 'bytes 2-4/10', '234']);
  expect(await part('bytes=2-4', { 'if-range': '"other"' })).toEqual([200, null, '0123456789']);
  const known = await download(owner!.rest, `/files/${file.id}/long`, { 'if-none-match': etag });
  expect([known.status, known.bytes.length]).toEqual([304, 0]);
  const head = await owner!.rest.request('HEAD', `/files/${file.id}/long`);
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
});

test('an upload that is cut five times goes on at any gateway, and is whole', async () => {
  const bytes = randomBytes(1_000_000);
  const { id } = await beginUpload(owner!.rest, 'cut.bin', bytes.length);
  const offsetAt = async (gateway: string): Promise<number> => {
    const headers = { authorization: `Bearer ${owner!.token}` };
    const answer = await fetch(`${gateway}/api/v1/uploads/${id}`, { method: 'HEAD', headers });
    expect(answer.headers.get('upload-length')).toBe('1000000');
    return Number(answer.headers.get('upload-offset'));
  };
  for (let cut = 0; cut < 5; cut++) {
    const gateway = new URL(gateways[cut % gateways.length]!);
    const from = await offsetAt(gateway.origin);
    const piece = bytes.subarray(from, from + 100_000);
    await new Promise<void>((resolve) => {
      const patch = request({
        host: gateway.hostname,
        port: gateway.port,
        method: 'PATCH',
        path: `/api/v1/uploads/${id}`,
        headers: {
          authorization: `Bearer ${owner!.token}`,
          'content-type': OFFSET_STREAM,
          'upload-offset': from,
          'content-length': bytes.length - from,
        },
      });
      patch.on('error', () => undefined).on('close', resolve);
      patch.write(piece, () => patch.destroy());
    });
  }
  let from = 0;
  // of the one that was cut last, some may still be on its way to the store
  await eventually(async () => {
    const before = from;
    from = await offsetAt(gateways.at(-1)!);
    return from > 0 && from === before;
  });
  expect(from).toBeLessThan(bytes.length);
  await expect(append(owner!.rest, id, from + 1, bytes.subarray(from + 1))).rejects.toMatchObject({
    code: 'upload_conflict',
    status: 409,
  });
  expect(await append(owner!.rest, id, from, bytes.subarray(from))).toBe(bytes.length);
  expect((await download(owner!.rest, `/files/${id}/cut.bin`)).bytes.equals(bytes)).toBe(true);
});

test('an upload that lies about its length, or never ends, gets no more room than it asked for', async () => {
  const { id } = await beginUpload(owner!.rest, 'lie', 10);
  await expect(append(owner!.rest, id, 0, Buffer.alloc(11))).rejects.toMatchObject({ code: 'invalid_input' });
  const { hostname: host, port } = new URL(gateways[0]!);
  const { id: endless } = await beginUpload(owner!.rest, 'endless', 100_000);
  const code = await new Promise<number>((resolve) => {
    const patch = request({
      ...{ host, port, method: 'PATCH', path: `/api/v1/uploads/${endless}` },
      headers: {
        authorization: `Bearer ${owner!.token}`,
        'content-type': OFFSET_STREAM,
        'upload-offset': 0,
        'transfer-encoding': 'chunked',
      },
    });
    patch.on('response', (answer) => {
      resolve(answer.statusCode ?? 0);
      patch.destroy();
    });
    patch.on('error', () => resolve(0)).on('close', () => resolve(0));
    const more = (): void => void (patch.destroyed || patch.write(Buffer.alloc(50_000), () => more()));
    more();
  });
  // told so, or cut off
  expect([0, 400]).toContain(code);
  await expect(beginUpload(owner!.rest, 'huge', 100_000_001)).rejects.toMatchObject({
    status: 413,
    problem: { code: 'file_too_large', left: 100_000_000 },
  });
  // given up, and gone
  await owner!.rest.delete(`/uploads/${endless}`);
  await expect(owner!.rest.get(`/uploads/${endless}`)).rejects.toMatchObject({ code: 'upload_not_found' });
  await expect(stranger!.rest.get(`/uploads/${id}`)).rejects.toMatchObject({ code: 'upload_not_found' });
});

describe('what strangers send', () => {
  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system.ini', 'system.ini'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['..', 'file'],
    ['', 'file'],
    ['a"b\r\nset-cookie: x=1.txt', 'a_bset-cookie_ x=1.txt'],
    [`${'😀'.repeat(64)}.png`, `${'😀'.repeat(49)}.png`],
  ])('called %j is called %j', async (given, kept) => {
    const file = await upload(owner!.rest, given, Buffer.from('text'));
    expect(file.name).toBe(kept);
    const { status, headers } = await download(owner!.rest, `/files/${file.id}/${encodeURIComponent(kept)}`);
    expect(status).toBe(200);
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('content-disposition')).toContain(`filename*=UTF-8''${encodeURIComponent(kept)}`);
  });

  const PAGE = '<!doctype html><script>alert(1)</script>';
  test.each([
    ['page.png', PAGE],
    ['page.html', PAGE],
    [
      'drawing.svg',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    ],
    ['paper.pdf', '%PDF-1.7\n1 0 obj <</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>> endobj'],
    ['script.js', 'alert(1)'],
  ])('%s is bytes to be saved, whatever it says it is', async (name, content) => {
    const file = await upload(owner!.rest, name, Buffer.from(content));
    expect(file.thumbnails).toEqual([]);
    const { headers, bytes } = await download(owner!.rest, `/files/${file.id}/${name}`);
    expect(bytes.toString()).toBe(content);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; sandbox; frame-ancestors 'none'",
    );
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });

  test('a picture is written again without what it tells of its place, upright, with smaller ones', async () => {
    const original = await sharp({ create: { width: 2_000, height: 1_000, channels: 3, background: '#2a7' } })
      .withExif({ IFD0: { Copyright: 'where I live' }, IFD3: { GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(original.includes('where I live')).toBe(true);
    const file = await upload(owner!.rest, 'photo.png', original);
    expect(file).toMatchObject({
      type: 'image/jpeg',
      width: 1_000,
      height: 2_000,
      thumbnails: [
        { size: 'small', width: 200, height: 400 },
        { size: 'large', width: 800, height: 1_600 },
      ],
    });
    expect(file.placeholder).toMatch(/^data:image\/webp;base64,/);
    expect(file.placeholder!.length).toBeLessThan(600);
    const { bytes, headers } = await download(owner!.rest, `/files/${file.id}/photo.png`);
    expect(headers.get('content-type')).toBe('image/jpeg');
    expect(headers.get('content-disposition')).toMatch(/^inline; /);
    expect(bytes.length).toBe(file.size);
    expect(bytes.includes('where I live')).toBe(false);
    const metadata = await sharp(bytes).metadata();
    expect(metadata).toMatchObject({ width: 1_000, height: 2_000 });
    expect(metadata.exif).toBeUndefined();
    const small = await download(owner!.rest, `/files/${file.id}/thumbnail?size=small`);
    expect(await sharp(small.bytes).metadata()).toMatchObject({ format: 'webp', width: 200, height: 400 });
  });

  test('an animated picture stays so, and so do its smaller ones', async () => {
    const frame = (background: string) =>
      sharp({ create: { width: 600, height: 300, channels: 3, background } })
        .png()
        .toBuffer();
    const gif = await sharp([await frame('#f00'), await frame('#0f0'), await frame('#00f')], {
      join: { animated: true },
    })
      .gif({ delay: 100 })
      .toBuffer();
    const file = await upload(owner!.rest, 'moving.gif', gif);
    expect(file).toMatchObject({ type: 'image/gif', width: 600, height: 300 });
    for (const path of ['moving.gif', 'thumbnail?size=small']) {
      const { bytes } = await download(owner!.rest, `/files/${file.id}/${path}`);
      expect((await sharp(bytes).metadata()).pages).toBe(3);
    }
  });

  test('a picture with too many pixels, and one that is damaged, are refused, and leave nothing', async () => {
    const bomb = await sharp({
      create: { width: 16_000, height: 16_000, channels: 3, background: '#000' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(2_000_000);
    const whole = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#123' } })
      .png()
      .toBuffer();
    for (const bytes of [bomb, whole.subarray(0, whole.length - 40)]) {
      const { id } = await beginUpload(owner!.rest, 'picture.png', bytes.length);
      await expect(append(owner!.rest, id, 0, bytes)).rejects.toMatchObject({
        status: 422,
        code: 'unreadable_picture',
      });
      await expect(owner!.rest.get<Upload>(`/uploads/${id}`)).rejects.toMatchObject({
        code: 'upload_not_found',
      });
    }
  });
});

import { connect } from '@veche/client';
import { randomBytes } from 'node:crypto';
import { Upload as Tus } from 'tus-js-client';
import { freePort } from '@veche/testing';
import { Link } from '../harness/link';
import { Person } from '../harness/people';
import { download } from '../harness/uploads';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();

test('a client uploads through a connection that breaks, and sends what came of it, once', async () => {
  const person = await Person.register(doors);
  const { id: roomId } = await person.createRoom('private');
  const link = await Link.open('uploads', await freePort(), [Number(new URL(person.rest.gateway).port)]);
  const client = connect({ url: `http://127.0.0.1:${link.port}`, token: person.token });
  try {
    const bytes = randomBytes(3_000_000);
    let cuts = 0;
    const told: number[] = [];
    const file = await client.api.files.upload(new Blob([bytes]), {
      name: 'большой файл.bin',
      onProgress: (sent) => {
        told.push(sent);
        if (cuts < 2 && sent > cuts * 1_000_000) {
          cuts++;
          link.cut();
          setTimeout(() => link.mend(), 100);
        }
      },
    });
    expect(cuts).toBe(2);
    expect(told.at(-1)).toBe(bytes.length);
    expect(file).toMatchObject({ name: 'большой файл.bin', size: bytes.length });
    const entry = await client.room(roomId).send('', { attachments: [file] }).committed;
    expect(entry.attachments).toEqual([file]);
    const { url } = await client.api.files.link(file.id);
    const got = await fetch(url);
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
    const stop = new AbortController();
    const given = client.api.files.upload(new Blob([bytes]), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(given).rejects.toMatchObject({ name: 'AbortError' });
  } finally {
    client.close();
    link.close();
  }
});

test('a client of tus that is not ours uploads in parts', async () => {
  const person = await Person.register(doors);
  const bytes = randomBytes(1_200_000);
  const url = await new Promise<string>((resolve, reject) => {
    const upload = new Tus(bytes, {
      endpoint: `${person.rest.gateway}/api/v1/uploads`,
      headers: { authorization: `Bearer ${person.token}` },
      metadata: { filename: 'by another.bin' },
      chunkSize: 500_000,
      onError: reject,
      onSuccess: () => resolve(upload.url ?? ''),
    });
    upload.start();
  });
  const id = url.split('/').at(-1) ?? '';
  const { attachment } = await person.rest.get<{ attachment: { name: string } }>(`/uploads/${id}`);
  expect(attachment.name).toBe('by another.bin');
  expect((await download(person.rest, `/files/${id}/x`)).bytes.equals(bytes)).toBe(true);
});

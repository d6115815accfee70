import type { Attachment } from '@veche/client';
import { boxOf, isPicture, kindOf, type Picture, picturesIn, splitName, thumbnailFor } from './kinds';

const file = (of: Partial<Attachment>): Attachment => ({
  id: 'f',
  name: 'a file',
  size: 1,
  type: 'application/octet-stream',
  thumbnails: [],
  ...of,
});

test.each([
  ['image/webp', 'picture'],
  ['video/mp4', 'video'],
  ['audio/ogg; codecs=opus', 'sound'],
  ['application/pdf', 'document'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'document'],
  ['application/zip', 'archive'],
  ['application/x-7z-compressed', 'archive'],
  ['application/octet-stream', 'file'],
  ['text/html', 'file'],
])('%s is a %s', (type, kind) => {
  expect(kindOf({ type })).toBe(kind);
});

test('what the server has made no smaller picture of is not shown as a picture', () => {
  const thumbnails = [{ size: 'small', width: 400, height: 300 }];
  expect(isPicture(file({ type: 'image/png', width: 800, height: 600, thumbnails }))).toBe(true);
  expect(isPicture(file({ type: 'image/heic' }))).toBe(false);
  expect(isPicture(file({ name: 'page.png' }))).toBe(false);
});

test('one goes through the pictures of all messages, and no other files', () => {
  const thumbnails = [{ size: 'small', width: 40, height: 30 }];
  const picture = (id: string): Attachment => file({ id, width: 40, height: 30, thumbnails });
  const said = [
    { attachments: [picture('a'), file({})] },
    { attachments: undefined },
    {},
    { attachments: [picture('b')] },
  ];
  expect(picturesIn(said).map(({ id }) => id)).toEqual(['a', 'b']);
});

test.each([
  [
    { width: 100, height: 80 },
    { width: 100, height: 80 },
  ],
  [
    { width: 3840, height: 1920 },
    { width: 384, height: 192 },
  ],
  [
    { width: 1000, height: 2000 },
    { width: 160, height: 320 },
  ],
  [
    { width: 9000, height: 30 },
    { width: 384, height: 48 },
  ],
  [
    { width: 1, height: 1 },
    { width: 48, height: 48 },
  ],
])('a picture of %j takes %j', (picture, box) => {
  expect(boxOf(picture)).toEqual(box);
});

test('a dense screen gets the larger of the smaller pictures, where there is one', () => {
  const small = { size: 'small', width: 400, height: 200 };
  const large = { size: 'large', width: 1600, height: 800 };
  const picture = file({ width: 4000, height: 2000, thumbnails: [small, large] }) as Picture;
  const box = boxOf(picture);
  expect(thumbnailFor(picture, box, 1)).toBe('small');
  expect(thumbnailFor(picture, box, 2)).toBe('large');
  expect(thumbnailFor({ ...picture, thumbnails: [small] }, box, 3)).toBe('small');
});

test.each([
  ['report-v2.pdf', 'report-v2', '.pdf'],
  ['archive.tar.gz', 'archive.tar', '.gz'],
  ['README', 'README', ''],
  ['.profile', '.profile', ''],
  ['отчёт.docx', 'отчёт', '.docx'],
  ['on 3.4.2026 we said nothing', 'on 3.4.2026 we said nothing', ''],
])('%s is cut in %s and %s', (name, stem, extension) => {
  expect(splitName(name)).toEqual([stem, extension]);
});

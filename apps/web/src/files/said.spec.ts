import type { Attachment } from '@veche/client';
import { en } from '../i18n/en';
import { ru } from '../i18n/ru';
import { briefly, filesText, wholly } from './said';

const file = (name: string, type: string): Attachment => ({ id: name, name, size: 1, type, thumbnails: [] });
const photo = file('holiday.jpg', 'image/jpeg');
const report = file('report.pdf', 'application/pdf');

test.each([
  [[], '', ''],
  [[photo], 'Photo', 'Фото'],
  [[report], 'report.pdf', 'report.pdf'],
  [[photo, photo], '2 photos', '2 фото'],
  [[photo, photo, report], '3 files', '3 файла'],
  [[file('a', 'video/mp4'), file('b', 'video/webm')], '2 videos', '2 видео'],
])('%j are said in both languages', (files, english, russian) => {
  expect([filesText(files, en), filesText(files, ru)]).toEqual([english, russian]);
});

test('a text keeps its direction behind the words for its files, and loses its markup', () => {
  expect(briefly({ text: '**שלום**', attachments: [photo] }, en)).toBe('\u2068Photo\u2069 · שלום');
  expect(briefly({ text: 'only **text**' }, en)).toBe('only text');
  expect(briefly({ text: '', attachments: [file('\u05d0.zip', 'application/zip')] }, en)).toBe(
    '\u2068\u05d0.zip\u2069',
  );
});

test('a whole message has the names of its files below what was typed', () => {
  expect(wholly({ text: 'see **this**', attachments: [photo, report] }, en)).toBe(
    'see **this**\nPhoto: holiday.jpg\nDocument: report.pdf',
  );
});

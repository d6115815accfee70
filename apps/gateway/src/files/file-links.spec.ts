import { Config } from '@veche/config';
import { FileLinks } from './file-links';

const linksOf = (token?: string): FileLinks =>
  new FileLinks(Object.assign(new Config(), token === undefined ? {} : { SERVICE_TOKEN: token }));
const linked = { id: '01890a5d-ac96-774b-bcce-b302099a8057', userId: '01890a5d-ac96-774b-bcce-b302099a8051' };
const refusal = expect.objectContaining({ code: 'attachment_not_found' });

test('a link of one gateway is known to the others, for five minutes', () => {
  const { key, expiresAt } = linksOf('a-credential-for-this-test').make(linked, 1_000);
  const other = linksOf('a-credential-for-this-test');
  expect(other.read(key, expiresAt.getTime())).toEqual(linked);
  expect(() => other.read(key, expiresAt.getTime() + 1)).toThrow(refusal);
  expect(expiresAt.getTime()).toBe(301_000);
});

test('a link that somebody else has made, or changed, is none', () => {
  const ours = linksOf('a-credential-for-this-test');
  const { key } = ours.make(linked);
  expect(() => linksOf('another-credential').read(key)).toThrow(refusal);
  expect(() => linksOf().read(key)).toThrow(refusal);
  for (const wrong of ['', '.', '...', key.slice(0, -1), `${key}x`, key.replace(linked.id, linked.userId)])
    expect(() => ours.read(wrong)).toThrow(refusal);
});

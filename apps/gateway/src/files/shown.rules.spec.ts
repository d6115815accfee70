import { headersOf } from './shown.rules';

test.each([
  ['image/png', 'image/png', 'inline'],
  ['video/mp4', 'video/mp4', 'inline'],
  ['image/svg+xml', 'application/octet-stream', 'attachment'],
  ['text/html', 'application/octet-stream', 'attachment'],
  ['application/pdf', 'application/octet-stream', 'attachment'],
  ['', 'application/octet-stream', 'attachment'],
])('a file of %s is sent as %s, %s', (type, sent, how) => {
  const headers = headersOf(type, 'a.bin');
  expect(headers['content-type']).toBe(sent);
  expect(headers['content-disposition']).toMatch(new RegExp(`^${how};`));
  expect(headers['content-security-policy']).toContain('sandbox');
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('a name is nothing but a name', () => {
  expect(headersOf('image/png', 'a"\r\nset-cookie: x')['content-disposition']).toBe(
    `inline; filename="a___set-cookie: x"; filename*=UTF-8''a%22%0D%0Aset-cookie%3A%20x`,
  );
  expect(headersOf('image/png', "Анна's (1).png")['content-disposition']).toBe(
    `inline; filename="____'s (1).png"; filename*=UTF-8''%D0%90%D0%BD%D0%BD%D0%B0%27s%20%281%29.png`,
  );
});

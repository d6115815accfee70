/**
 * What one person at home, or one office, has: an IPv4 address, or the first 64 bits of an IPv6 address. Whoever's address is
 * not known is one of many.
 */
export const networkOf = (address: string | undefined): string => {
  if (!address?.includes(':')) return address ?? '';
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const all = [...first, ...Array<string>(zeros).fill('0'), ...last];
  return all
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
};

/** How an address begins that nobody marked as a link, or an address of mail. */
const ADDRESS = /^(?:https?:\/\/|www\.)/i;
const MAIL =
  /^(?:mailto:)?[a-z\d](?:[\w.%+-]{0,62}[\w+-])?@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,8}[a-z]{2,63}(?![\w@-])/i;
/** Letters of any script: addresses need not be English. What follows `user:password@` is no place that one sees. */
const HOST = /^(?:\[[\da-f:.]+\]|[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]*)(?::\d{1,5})?(?![^\s/?#]*@)/iu;
/** `example.com` and then, without a space, the next word of a sentence in another script. */
const NEXT_WORD = /(?<=(?:^|\.)[a-z\d-]+)[^\p{ASCII}].*$/iu;
const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
/** What is in no address: white space, quotation marks, what is not seen, punctuation and signs of other scripts. */
const ENDS = /[\s<>"`\p{Cc}\p{Cf}]|(?!\p{ASCII})[\p{P}\p{S}]/u;
/** Of those, what stands within a title that became an address: Michelson–Morley, Qur’an. */
const WITHIN = /^[\p{Pd}’·](?=[\p{L}\p{N}])/u;
/** What ends a sentence, and opens a bracket that does not close. */
const TRAILING = /[?!.,:;*_~'|([{\\]+$/;

/** The address that a text begins with, up to where people end it; '' for none. */
export const addressAt = (text: string): string => {
  const [mail] = MAIL.exec(text) ?? [];
  if (mail) return mail;
  const [scheme] = ADDRESS.exec(text) ?? [];
  if (!scheme) return '';
  const named = HOST.exec(text.slice(scheme.length))?.[0] ?? '';
  const host = named.replace(NEXT_WORD, '');
  const end = scheme.length + host.length;
  const isWhole = host === named && /[/?#]/.test(text.charAt(end));
  const address = (isWhole ? text.slice(0, end + pathLength(text.slice(end))) : text.slice(0, end)).replace(
    TRAILING,
    '',
  );
  return host && addressUrl(address) ? address : '';
};

const pathLength = (text: string): number => {
  const open: string[] = [];
  let length = 0;
  for (const sign of text) {
    if (ENDS.test(sign) && !WITHIN.test(text.slice(length, length + 4))) break;
    const opener = CLOSES[sign];
    if (opener && open.pop() !== opener) break;
    if (Object.values(CLOSES).includes(sign)) open.push(sign);
    length += sign.length;
  }
  return length;
};

/** Where an address leads that was found by {@link addressAt}. */
export const addressUrl = (address: string): URL | undefined =>
  safeUrl(
    /^www\./i.test(address)
      ? `http://${address}`
      : MAIL.test(address)
        ? address.replace(/^(?!mailto:)/i, 'mailto:')
        : address,
  );

/** Where a link may lead; everything else (`javascript:`, `data:` …) is text. */
export const safeUrl = (url: string): URL | undefined => {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  return ['https:', 'http:', 'mailto:'].includes(parsed.protocol) ? parsed : undefined;
};

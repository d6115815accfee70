const isName = (host: string): boolean => /\.[a-z][a-z0-9-]*$/i.test(host);
const lastTwoLabels = (host: string): string => host.split('.').slice(-2).join('.');

/**
 * Whether a browser takes the server for another site than the page, and so keeps no cookie of it that is for its own
 * site only (RFC 6265bis, 5.2). Without the list of public suffixes it may take two sites of one suffix such as
 * `co.uk` for one; it never takes one site for two.
 */
export const isOtherSite = (page: string, server: string): boolean => {
  const [here, there] = [new URL(page), new URL(server, page)];
  if (here.protocol !== there.protocol) return true;
  if (here.hostname === there.hostname) return false;
  if (!isName(here.hostname) || !isName(there.hostname)) return true;
  return lastTwoLabels(here.hostname) !== lastTwoLabels(there.hostname);
};

import { look } from '@veche/lookalikes';

/** What speaks for the server or for everybody; without what separates words, and in every spelling that looks so. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    ...[
      'system',
      'support',
      'helpdesk',
      'service',
      'server',
      'veche',
      'security',
      'abuse',
      'official',
      'staff',
    ],
    ...['root', 'sysop', 'operator', 'moderator', 'moderators', 'bot', 'daemon', 'mailer', 'mailerdaemon'],
    ...['postmaster', 'webmaster', 'hostmaster', 'noreply', 'notifications', 'api', 'www', 'info', 'help'],
    ...['here', 'room', 'channel', 'chat', 'group', 'all', 'everyone', 'everybody', 'anyone', 'anybody'],
    ...['someone', 'somebody', 'nobody', 'you', 'myself', 'self', 'deleted', 'deactivated', 'unknown'],
    ...['anonymous', 'guest', 'guests', 'null', 'undefined', 'none'],
  ].map(look),
);
const RESERVED_BEGINNING = look('admin');

/** Whether nobody takes this username by themselves: the server's keepers give it. */
export const isReserved = (username: string): boolean => {
  const plain = username.replace(/[_.-]/g, '');
  // a 1 looks like an l, and is read as an i
  return [plain, plain.toLowerCase(), plain.toLowerCase().replace(/1/g, 'i')]
    .map(look)
    .some((seen) => RESERVED.has(seen) || seen.startsWith(RESERVED_BEGINNING));
};

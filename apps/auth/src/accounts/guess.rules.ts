/** Who tries a password, and at what. */
export interface Attempt {
  /** The account, or what was typed where there is none, so that the two look alike. */
  readonly account: string;
  /** '' where it is not known. */
  readonly network: string;
  /** The thumbprint of the device's key, where one was proven. */
  readonly device: string | undefined;
}

/** From where somebody has logged in to the account before. */
export interface Familiar {
  readonly networks: ReadonlySet<string>;
  readonly devices: ReadonlySet<string>;
}

/** What a failed attempt takes a try of. */
export interface Purse {
  readonly key: string;
  readonly tries: number;
  readonly everyMs: number;
}

const MINUTE_MS = 60_000;
/** For a device, or a network, that has logged in to the account before, of its own. */
const OWN = { tries: 10, everyMs: MINUTE_MS };
/** For all networks together that never have. */
const STRANGERS = { tries: 20, everyMs: MINUTE_MS };

/** What a network may fail at in a minute, whatever the accounts. */
export const networkPurse = (what: string, network: string, perMinute: number): Purse[] =>
  network === '' ? [] : [{ key: `${what} of ${network}`, tries: perMinute, everyMs: MINUTE_MS / perMinute }];

/**
 * Nobody who guesses uses up what the owner needs: a device or a network that has logged in before has tries of its own, and
 * guessers elsewhere share what is left of theirs (after OWASP's device cookies). And what one account is tried at counts
 * little against the others of an office, because it runs out first.
 */
export const pursesOf = (
  { account, network, device }: Attempt,
  familiar: Familiar,
  perMinute: number,
): readonly Purse[] => {
  if (device !== undefined && familiar.devices.has(device))
    return [{ key: `${account} by device ${device}`, ...OWN }];
  if (network !== '' && familiar.networks.has(network))
    return [{ key: `${account} from ${network}`, ...OWN }];
  return [{ key: `${account} by strangers`, ...STRANGERS }, ...networkPurse('guesses', network, perMinute)];
};

/** What is tried by a session that is there already: whoever has stolen one shuts nobody else out. */
export const sessionPurses = (sessionId: string): readonly Purse[] => [
  { key: `password by session ${sessionId}`, ...OWN },
];

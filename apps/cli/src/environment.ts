import { homedir } from 'node:os';
import { join } from 'node:path';

// eslint-disable-next-line no-restricted-properties -- a command's environment is its user's, not the server's
const { env } = process;

/** Where a user's settings live on this kind of machine. */
const settings = env.XDG_CONFIG_HOME || env.APPDATA || join(homedir(), '.config');

export const CONFIG_FOLDER = join(settings, 'veche');
export const SERVER = env.VECHE_URL;
/** https://no-color.org */
export const NO_COLOR = Boolean(env.NO_COLOR) || env.TERM === 'dumb';

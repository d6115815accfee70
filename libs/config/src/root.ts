import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const rootOf = (folder: string): string =>
  existsSync(join(folder, 'package.json')) || folder === dirname(folder) ? folder : rootOf(dirname(folder));

/** The folder that Veche is installed in, with `proto` and `dist`, wherever it is started from. */
export const ROOT = rootOf(__dirname);

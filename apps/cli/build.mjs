// The command line in one file, with all it needs.
import { chmodSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'rolldown';

const HERE = import.meta.dirname;
const file = resolve(HERE, '../../dist/cli/veche.cjs');

await build({
  input: join(HERE, 'src/main.ts'),
  platform: 'node',
  tsconfig: resolve(HERE, '../../tsconfig.json'),
  resolve: {
    alias: Object.fromEntries(
      ['client', 'protocol'].map((lib) => [`@veche/${lib}`, resolve(HERE, `../../libs/${lib}/src/index.ts`)]),
    ),
  },
  // what ws would be a little faster with, if it were there
  external: ['bufferutil', 'utf-8-validate'],
  output: { file, format: 'cjs', banner: '#!/usr/bin/env node' },
});
chmodSync(file, 0o755);

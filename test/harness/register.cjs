// Lets plain node run TypeScript of this repository: `node -r ./test/harness/register.cjs file.ts`.
// Types are checked by `npm run types`, not here.
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');
const options = require('../jest/swc.js');
require('./paths.cjs');
require('reflect-metadata');

require.extensions['.ts'] = (module, filename) => {
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
};

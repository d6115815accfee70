// The embedded database's thread, from its TypeScript source, which a thread cannot load by itself.
const { transformSync } = require('@swc/core');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');

// compiling nine megabytes of WebAssembly better costs more than a test's few statements gain by it
setFlagsFromString('--liftoff-only');

const options = {
  sourceMaps: 'inline',
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
};
require.extensions['.ts'] = (module, file) =>
  module._compile(transformSync(readFileSync(file, 'utf8'), { ...options, filename: file }).code, file);
require(join(__dirname, '../embedded-postgres/src/worker.ts'));

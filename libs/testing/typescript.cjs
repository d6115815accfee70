// Lets plain Node, and its threads, run this repository's TypeScript: `node --require ./libs/testing/typescript.cjs`.
const { transformSync } = require('@swc/core');
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');

const options = {
  sourceMaps: 'inline',
  swcrc: false,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
};
require.extensions['.ts'] = (module, file) =>
  module._compile(transformSync(readFileSync(file, 'utf8'), { ...options, filename: file }).code, file);

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...others) {
  const lib = /^@veche\/([a-z-]+)$/.exec(request)?.[1];
  return resolve.call(this, lib ? join(__dirname, '..', lib, 'src/index.ts') : request, ...others);
};

// Finds @veche/x in libs/x, where neither Jest's resolver nor a build does: in Jest's global setup, and below.
const Module = require('node:module');
const { join } = require('node:path');

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const lib = /^@veche\/([a-z-]+)$/.exec(request)?.[1];
  return lib ? join(__dirname, '../../libs', lib, 'src/index.ts') : resolve.call(this, request, ...rest);
};

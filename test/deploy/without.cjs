// Makes files be missing, as they are in an image: every load from a path of WITHOUT fails.
const fs = require('node:fs');
const Module = require('node:module');

const missing = (process.env.WITHOUT ?? '').split(',').filter(Boolean);
const isMissing = (path) => missing.some((m) => path === m || path.startsWith(`${m}/`));

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const path = resolve.call(this, request, ...rest);
  if (isMissing(path))
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
  return path;
};
const existsSync = fs.existsSync;
fs.existsSync = (path) => !isMissing(String(path)) && existsSync(path);

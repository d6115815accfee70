// Jest can neither require() an ES module before Node 24.9 nor run import() without --experimental-vm-modules.
// Packages that use either are compiled to CommonJS here; the rest pass through.
const swc = require('@swc/jest');
const inner = swc.createTransformer({
  swcrc: false,
  sourceMaps: false,
  isModule: true,
  jsc: { parser: { syntax: 'ecmascript', dynamicImport: true }, target: 'es2022' },
  module: { type: 'commonjs', ignoreDynamic: false },
});
const needsWork = /^\s*(import|export)\b|[;}]\s*(import|export)\b[\s{*"']|\bimport\s*\(|\bimport\.meta\b/m;
module.exports = {
  process: (source, file, options) =>
    needsWork.test(source) ? inner.process(source, file, options) : { code: source },
  getCacheKey: (source, file, options) => inner.getCacheKey(source, file, options),
};

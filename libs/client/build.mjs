// Packs the SDK for npm: an ES module, CommonJS, and the declarations of each, with the protocol's types inside.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

const HERE = import.meta.dirname;
const OUT = resolve(HERE, '../../dist/client');

// npm runs it before it packs this folder, whose sources have no entry that anybody could import
if (process.argv.includes('--refuse-to-pack-sources')) {
  console.error('These are sources. Run `npm run build` at the top, and `npm pack ./dist/client` there.');
  process.exit(1);
}

const common = {
  input: { index: join(HERE, 'src/index.ts') },
  external: ['socket.io-client'],
  platform: 'neutral',
  checks: { pluginTimings: false },
  tsconfig: resolve(HERE, '../../tsconfig.json'),
  resolve: { alias: { '@veche/protocol': resolve(HERE, '../protocol/src/index.ts') } },
};
const output = { dir: OUT, comments: { legal: true, annotation: true, jsdoc: true }, sourcemap: false };

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
await build({
  ...common,
  plugins: [dts({ sourcemap: false })],
  output: { ...output, format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
});
await build({ ...common, output: { ...output, format: 'cjs', entryFileNames: '[name].cjs' } });
// the same declarations: there is no default export, which is all that the two module systems would differ in
copyFileSync(join(OUT, 'index.d.mts'), join(OUT, 'index.d.cts'));
copyFileSync(join(HERE, 'README.md'), join(OUT, 'README.md'));
const licence = (path) => readFileSync(resolve(HERE, '../..', path), 'utf8');
writeFileSync(
  join(OUT, 'LICENSE'),
  `${licence('LICENSE')}\n---\n\nThis package contains dpop (https://github.com/panva/dpop):\n\n${licence('node_modules/dpop/LICENSE.md')}`,
);

const manifest = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8'));
// only the sources need it
delete manifest.scripts;
writeFileSync(join(OUT, 'package.json'), `${JSON.stringify({ ...manifest, ...entries() }, undefined, 2)}\n`);

function entries() {
  const of = (extension) => ({
    types: `./index.d.${extension.replace('js', 'ts')}`,
    default: `./index.${extension}`,
  });
  return {
    type: 'module',
    main: './index.cjs',
    module: './index.mjs',
    types: './index.d.cts',
    exports: { '.': { import: of('mjs'), require: of('cjs') }, './package.json': './package.json' },
  };
}

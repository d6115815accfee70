import optimizeLocales from '@react-aria/optimize-locales-plugin';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const OUT = resolve(import.meta.dirname, '../../dist/web');
const LIBS = resolve(import.meta.dirname, '../../libs');
/** Where `npm run dev` or `npm start` listens. */
const GATEWAY = process.env.GATEWAY ?? 'http://127.0.0.1:8080';
/** What a compressed copy is worth its place for. */
const COMPRESSED = /\.(html|js|css|svg|webmanifest)$/;

/** Compresses once, as well as it can be done, what the gateway would compress for every request. */
const compressed = (): Plugin => ({
  name: 'compressed',
  apply: 'build',
  closeBundle: () => {
    for (const name of readdirSync(OUT, { recursive: true, encoding: 'utf8' })) {
      const file = join(OUT, name);
      if (!COMPRESSED.test(name) || !statSync(file).isFile()) continue;
      const content = readFileSync(file);
      writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      writeFileSync(
        `${file}.br`,
        brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
      );
    }
  },
});

/** What the picker needs of the data about emoji: no code points, no tones of skin. */
const namesOfEmoji = (): Plugin => ({
  name: 'names-of-emoji',
  enforce: 'pre',
  load: (id) => {
    if (!/emojibase-data\/\w+\/compact\.json$/.test(id)) return undefined;
    const all = JSON.parse(readFileSync(id, 'utf8')) as Record<string, unknown>[];
    return JSON.stringify(all.map(({ unicode, label, tags, group }) => ({ unicode, label, tags, group })));
  },
});

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    // React Aria speaks thirty languages; ours are two
    { ...optimizeLocales.vite({ locales: ['en-US', 'ru-RU'] }), enforce: 'pre' },
    namesOfEmoji(),
    compressed(),
  ],
  resolve: { alias: [{ find: /^@veche\/([a-z-]+)$/, replacement: resolve(LIBS, '$1/src/index.ts') }] },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    // the policy of our page allows no data: URL for a font or a style
    assetsInlineLimit: 0,
    // the licences of what is bundled ask for their text to go with it
    license: { fileName: 'third-party.txt' },
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // what is written for them is left as it is: light-dark() above all
    target: ['chrome125', 'firefox128', 'safari18'],
    // libraries say where their server components end; here there are none
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  server: {
    port: 5173,
    proxy: { '/api': GATEWAY, '/docs': GATEWAY, '/socket.io': { target: GATEWAY, ws: true } },
  },
});

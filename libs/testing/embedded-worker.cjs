// The embedded database's thread, from its source: a thread cannot load TypeScript by itself.
require('./typescript.cjs');
require('../embedded-postgres/src/worker.ts');

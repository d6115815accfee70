const { readdirSync } = require('node:fs');
const swc = require('./test/jest/swc.js');

// What every project shares. node_modules are transformed too: Jest cannot require() ES modules before Node 24.9.
const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^@veche/([a-z-]+)$': '<rootDir>/libs/$1/src' },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  setupFiles: ['reflect-metadata'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
    '/node_modules/.+\\.m?js$': '<rootDir>/test/jest/node-modules-transform.js',
  },
  transformIgnorePatterns: [],
};
// an embedded database is ready to be copied
const globalSetup = '<rootDir>/test/jest/embedded-template.js';
const project = (name, match, extra = {}) => ({ ...shared, displayName: name, testMatch: match, ...extra });

// a Veche of this shape is running, and what it logs is shown with a test that failed
const running = {
  globalSetup: '<rootDir>/test/harness/jest/global-setup.ts',
  globalTeardown: '<rootDir>/test/harness/jest/global-teardown.ts',
  testEnvironment: '<rootDir>/test/harness/jest/environment.ts',
};

// A lib each, with what is not measured where it runs: it would count as untested.
const NOT_MEASURED = [
  // tests, and what only tests use
  '**/*.{spec,medium}.ts',
  'libs/testing/**',
  // generated
  '**/gen/**',
  // compositions: they decide nothing, and every end-to-end test runs them, in processes of their own
  'apps/*/src/{main,main.module}.ts',
  '**/*.module.ts',
  // migrations, which every medium test runs: statements, without a branch between them
  '**/migrations/**',
  // their medium tests run them in processes and threads of their own
  'libs/lifecycle/src/run-process.ts',
  'libs/embedded-postgres/src/{bridge,login,worker}.ts',
  'apps/gateway/src/files/looker.ts',
  // the SDK: most of it is a way over a network and through a browser, which tests of the whole go
  'libs/client/**',
];
const libs = readdirSync('libs').filter((name) => !['testing', 'client', 'lifecycle'].includes(name));
// npm run coverage; elsewhere nothing is measured
const measured = process.env.COVERAGE && {
  collectCoverage: true,
  // by statements: lines as V8 counts them are mostly types and comments
  coverageProvider: 'babel',
  coverageReporters: ['text-summary', 'html'],
  collectCoverageFrom: [
    '{apps/{auth,chat,gateway},libs/*}/src/**/*.ts',
    ...NOT_MEASURED.map((path) => `!${path}`),
  ],
  coverageThreshold: Object.fromEntries(
    ['apps/auth', 'apps/chat', 'apps/gateway', ...libs.map((name) => `libs/${name}`)].map((folder) => [
      `./${folder}/`,
      { lines: 90 },
    ]),
  ),
};

module.exports = {
  ...measured,
  // as many as two processors keep busy: some wait, and the servers under test need processors too
  maxWorkers: 3,
  // for the first compilation of a service on a machine with other work; what a test waits for has bounds of its own. Jest
  // takes it here only
  testTimeout: 120_000,
  projects: [
    // rules and libs, beside what they test; no service needed
    project('unit', ['<rootDir>/{apps,libs,test}/**/*.spec.ts']),
    // one service or lib on a real PostgreSQL and Redis
    project('medium', ['<rootDir>/{apps,libs}/**/*.medium.ts'], { globalSetup }),
    // one suite against both bindings
    project('contract', ['<rootDir>/test/contract/**/*.test.ts']),
    // the containers' commands, without containers
    project('deploy', ['<rootDir>/test/deploy/**/*.test.ts']),
    // one suite against every shape, through the real doors
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], running),
    // the web client in a real browser
    project('browser', ['<rootDir>/test/browser/**/*.test.ts'], running),
  ],
};

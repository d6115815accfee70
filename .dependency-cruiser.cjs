/**
 * The capabilities of an app, each of which stands on those before it and knows none that follows: what is at the bottom
 * can be read without the rest, and nothing that runs calls back up.
 */
const LAYERS = {
  auth: [
    'keys',
    'installation',
    'health',
    'events',
    'api-keys',
    'users',
    'sessions',
    'accounts',
    'management',
    'deletion',
    'external',
    'issuers',
    'access',
  ],
  chat: [
    'log',
    'bounds',
    'deletion',
    'members',
    'preferences',
    'mentions',
    'attachments',
    'rooms',
    'invitations',
    'threads',
    'messages',
    'reactions',
    'pins',
    'presence',
    'search',
    'erasure',
    'health',
    'delivery',
  ],
};

const layers = Object.entries(LAYERS).flatMap(([app, folders]) =>
  folders.slice(0, -1).map((folder, at) => ({
    name: `${app}-${folder}-stands-below`,
    comment: `Of ${app}, ${folder} stands on ${folders.slice(0, at).join(', ') || 'nothing'}, and calls nothing above it.`,
    severity: 'error',
    from: { path: `^apps/${app}/src/${folder}/`, pathNot: '\\.(spec|medium)\\.ts$' },
    to: { path: `^apps/${app}/src/(${folders.slice(at + 1).join('|')})/` },
  })),
);

/** The boundaries of the house. Each rule says what it keeps, and why. */
module.exports = {
  forbidden: [
    {
      name: 'no-app-to-app',
      comment:
        'Apps talk through contracts, so that each can run as a process of its own; only the monolith composes them.',
      severity: 'error',
      from: { path: '^apps/(?!monolith/)([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-never-import-apps',
      comment: 'A lib that knows an app cannot be shared by the others.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|test)/' },
    },
    {
      name: 'enter-lib-by-index',
      comment: "A lib's index is its public surface; everything behind it may change freely.",
      severity: 'error',
      from: { path: '^(apps|libs|test)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/(?!index\\.ts)', pathNot: '^libs/$2/' },
    },
    {
      name: 'rules-are-pure',
      comment:
        'Decisions are tested without a server: a rule that imports a service has stopped being a rule.',
      severity: 'error',
      from: { path: '\\.rules\\.ts$' },
      to: { pathNot: '\\.rules\\.ts$' },
    },
    {
      name: 'only-repositories-query',
      comment:
        'SQL lives in repositories (and migrations and entities); a query elsewhere hides from review.',
      severity: 'error',
      from: {
        path: '^apps/',
        pathNot: '(\\.repository|\\.entity|\\.module|/migrations/[^/]+|/main|\\.spec)\\.ts$',
      },
      to: { path: 'node_modules/(typeorm|pg|@nestjs/typeorm)/' },
    },
    {
      name: 'http-only-in-gateway',
      comment: 'Services know codes, not HTTP; the one table in libs/errors translates at the door.',
      severity: 'error',
      from: { path: '^apps/(auth|chat)/' },
      to: { path: 'node_modules/(fastify|@nestjs/platform-fastify|@nestjs/swagger|socket\\.io)/' },
    },
    {
      name: 'sdk-stands-alone',
      comment:
        'It runs in browsers and in programs of strangers: nothing of the server may come along, and no framework. Its tests stay here.',
      severity: 'error',
      from: { path: '^libs/client/src/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/(client|protocol)/|node_modules/(socket\\.io-client|dpop)/' },
    },
    {
      name: 'protocol-imports-nothing',
      comment: 'It is what server and clients share, and must fit both.',
      severity: 'error',
      from: { path: '^libs/protocol/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/protocol/' },
    },
    {
      name: 'web-is-a-client',
      comment: 'The web client is one client of many: it knows the SDK, and nothing of the server.',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^(libs/(?!client/)|apps/(?!web/)|test/)' },
    },
    ...layers,
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};

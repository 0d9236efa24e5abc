import { defineConfig } from 'vitest/config';

/**
 * The `source` condition leads `@watchbill/*` to `src/`, so in-process tests need no build. Vitest hands the list to
 * node as well: naming `import` here would break every `require`.
 */
const conditions = ['source', 'node'];
const resolve = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  environments: { __vitest__: { resolve: { conditions, noExternal: [/^@watchbill\//] } } },
};

/**
 * Three groups, one after the other, so that slow suites neither disturb quick ones nor each other: pure tests on
 * all cores, then real servers, then whole products, two files at a time.
 */
export default defineConfig({
  ...resolve,
  test: {
    projects: [
      {
        ...resolve,
        test: {
          name: 'unit',
          include: [
            '{packages,services}/**/src/**/*.test.ts',
            'test/property/**/*.test.ts',
            'test/*.test.ts',
            'test/support/**/*.test.ts',
          ],
          // Pure tests leave nothing behind: modules are loaded once for all files of a thread.
          isolate: false,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...resolve,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/global-postgres.ts'],
          setupFiles: ['test/support/open-handles.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...resolve,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/global-postgres.ts'],
          setupFiles: ['test/support/open-handles.ts'],
          pool: 'forks',
          // Most of their time they wait for processes.
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config'

/** Suites that only compute run beside each other; those with sockets, processes and audio run one by one after them. */
export default defineConfig({
  test: {
    allowOnly: false,
    passWithNoTests: false,
    slowTestThreshold: 2_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['tests/{unit,simulation}/**/*.test.ts'],
          testTimeout: 15_000,
          hookTimeout: 30_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['tests/{conformance,integration,e2e}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          // Real time on a machine that others use too: a stall of half a second is not our fault, two in a row are.
          retry: 1,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})

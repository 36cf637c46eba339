import { defineConfig } from 'vitest/config'

const realTime = {
  testTimeout: 60_000,
  hookTimeout: 90_000,
  // On a machine that others use too, a stall of half a second is not our fault; two in a row are.
  retry: 1,
}

/** They measure time or CPU, or install packages: nothing may run beside them. */
const alone = [
  'tests/e2e/*.test.ts',
  'tests/e2e/calls/{fifty,five-hundred}.test.ts',
  'tests/integration/{media-pacing,sipp-harness}.test.ts',
]

/**
 * Suites that only compute run beside each other. Of those with sockets, processes and audio, which come after them,
 * most mainly wait, and run two at a time; the rest one by one at the end.
 */
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
          exclude: alone,
          ...realTime,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          ...realTime,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})

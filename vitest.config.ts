import { defineConfig } from 'vitest/config'

const realTime = {
  testTimeout: 60_000,
  hookTimeout: 90_000,
  // On a machine that others use too, a stall of half a second is not our fault; two in a row are.
  retry: 1,
}

/**
 * Suites that only compute run beside each other. Of those with sockets and audio, which come after them, the
 * conformance suites mostly wait, and run two at a time; the others run one by one.
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
          name: 'conformance',
          include: ['tests/conformance/**/*.test.ts'],
          ...realTime,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['tests/{integration,e2e}/**/*.test.ts'],
          ...realTime,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})

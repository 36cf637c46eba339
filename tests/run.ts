/**
 * `npm test`: runs everything that this machine can run, says in one line each what it cannot and how to change
 * that, and ends with the line `N passed, N failed, N skipped`.
 *
 * On a build machine (CI=true, as root) a required peer whose suites did not run is a failure.
 * Arguments are filters, as vitest takes them: `npm test -- tests/unit/flow`.
 */
import { type Reporter, startVitest, type TestModule } from 'vitest/node'
import { missing, needOf, peerNames, peers } from './support/peers.ts'

interface Tally {
  passed: number
  failed: number
  skipped: number
}

const filters = process.argv.slice(2)
const strict = process.env['CI'] === 'true' && process.getuid?.() === 0 && filters.length === 0

for (const name of peerNames) {
  if (missing(name))
    console.log(`Skipped: ${peers[name].purpose} (no ${name}). To run it: ${peers[name].install}`)
}

const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
const ran = new Set<string>()

const counter: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    for (const module of modules) count(module)
    tally.failed += unhandledErrors.length
  },
}

function count(module: TestModule): void {
  tally.failed += module.errors().length
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    if (state === 'passed') {
      tally.passed++
      for (const name of peerNames) if (test.fullName.includes(needOf(name))) ran.add(name)
    } else if (state === 'skipped') {
      tally.skipped++
    } else {
      tally.failed++
    }
  }
}

const vitest = await startVitest(filters, { run: true, watch: false, reporters: ['default', counter] })
await vitest.close()

for (const name of peerNames) {
  if (!strict || !peers[name].required || ran.has(name)) continue
  console.log(`Failed: no test that needs ${name} has passed, and on the build machine one must.`)
  tally.failed++
}
if (tally.passed + tally.failed === 0) {
  console.log(`Failed: no test fits ${filters.join(' ')}.`)
  tally.failed++
}

console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`)
process.exit(tally.failed === 0 ? 0 : 1)

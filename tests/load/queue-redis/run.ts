/** One contender in one process: `node run.ts <contender> <url> <seconds>` writes what it has counted as JSON. */
import { bullmqLives } from './bullmq.ts'
import { journalDelays, journalLives } from './journal.ts'
import { transactionLives } from './transactions.ts'

const [contender = '', url = '', seconds = ''] = process.argv.slice(2)

const contenders: Readonly<Record<string, () => Promise<unknown>>> = {
  journal: () => journalLives(url, Number(seconds)),
  delays: () => journalDelays(url, 5_000, Number(seconds)),
  bullmq: () => bullmqLives(url, Number(seconds), 100),
  transactions: () => transactionLives(url, Number(seconds)),
}

const run = contenders[contender]
if (!run) throw new Error(`${contender} is none of ${Object.keys(contenders).join(', ')}`)
process.stdout.write(`${JSON.stringify(await run())}\n`)
process.exit(0)

/**
 * The long run of the fuzz: `node tests/simulation/acd-fuzz.ts --inputs 1000000 [--first-seed 0] [--per-seed 2000]`.
 * Says how far it is, and ends with the seed and the input when something is not true any more.
 */
import { parseArgs } from 'node:util'
import { nonsense } from './acd-nonsense.ts'

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    'first-seed': { type: 'string', default: '0' },
    'per-seed': { type: 'string', default: '2000' },
  },
})
const wanted = Number(values.inputs)
const perSeed = Number(values['per-seed'])
const kinds = new Map<string, number>()
let seed = Number(values['first-seed'])
let done = 0
let told = 0
for (; done < wanted; done += perSeed, seed++) {
  for (const [kind, count] of nonsense(seed, perSeed)) kinds.set(kind, (kinds.get(kind) ?? 0) + count)
  if (done - told < wanted / 20) continue
  told = done
  console.log(`${done} inputs, seed ${seed}`)
}
console.log(`${done} inputs, seeds ${values['first-seed']} to ${seed - 1}: all invariants held`)
for (const [kind, count] of [...kinds].sort(([one], [other]) => (one < other ? -1 : 1))) {
  console.log(`  ${kind}: ${count}`)
}

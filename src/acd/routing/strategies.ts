import type { StrategyName } from '../rules.ts'
import { fewestContacts } from './fewest-contacts.ts'
import { leastSkilled } from './least-skilled.ts'
import { longestIdle } from './longest-idle.ts'
import { mostSkilled } from './most-skilled.ts'
import { ringAll } from './ring-all.ts'
import { roundRobin } from './round-robin.ts'
import type { Strategy } from './strategy.ts'

export const strategies: Readonly<Record<StrategyName, Strategy>> = {
  'longest-idle': longestIdle,
  'most-skilled': mostSkilled,
  'least-skilled': leastSkilled,
  'fewest-contacts': fewestContacts,
  'round-robin': roundRobin,
  'ring-all': ringAll,
}

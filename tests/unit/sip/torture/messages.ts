import { INVALID } from './invalid.ts'
import type { TortureMessage } from './message.ts'
import { VALID } from './valid.ts'

export const TORTURE: readonly TortureMessage[] = [...VALID, ...INVALID]

import type { Command } from './command.ts'
import { flowCheck } from './flow-check.ts'
import { flowSchema } from './flow-schema.ts'
import { init } from './init.ts'
import { promptsRender } from './prompts-render.ts'
import { start } from './start.ts'

/** Every command, in the order of the overview. */
export const commands: readonly Command[] = [start, init, flowCheck, flowSchema, promptsRender]

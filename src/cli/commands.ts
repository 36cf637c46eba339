import type { Command } from './command.ts'
import { flowSchema } from './flow-schema.ts'
import { promptsRender } from './prompts-render.ts'
import { start } from './start.ts'

/** Every command, in the order of the overview. */
export const commands: readonly Command[] = [start, flowSchema, promptsRender]

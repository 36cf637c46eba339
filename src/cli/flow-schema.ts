import { SwitchroomError } from '../errors.ts'
import { flowSchemaText } from '../flow/schema/flow.ts'
import type { Command } from './command.ts'

/** `switchroom flow schema`: the JSON Schema of flow files, for editors. */
export const flowSchema: Command = {
  name: 'flow schema',
  summary: 'print the JSON Schema of flow files, for editors',
  usage: 'switchroom flow schema',
  example: 'switchroom flow schema > ivr-flows/flow.schema.json',
  run(args) {
    if (args.length > 0)
      throw new SwitchroomError('USAGE', `flow schema takes no arguments, found ${args.join(' ')}`)
    process.stdout.write(flowSchemaText())
    return Promise.resolve(0)
  },
}

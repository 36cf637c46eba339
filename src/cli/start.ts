import type { Command } from './command.ts'

/** `switchroom start`: the same as `npm start`, for the installed package. */
export const start: Command = {
  name: 'start',
  summary: 'run the server until it is told to stop',
  usage: `switchroom start [--center <folder>] [--set name=value ...]

  --center <folder>   the center to serve (default: the demo center)
  --set name=value    a setting, for example --set http.port=18080; as often as you like`,
  example: 'switchroom start --set sip.port=15060 --set data.dir=./data',
  // The server is loaded only when it is to run: the other commands answer at once.
  run: async (args) => (await import('../main.ts')).run(args),
}

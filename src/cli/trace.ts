import { writeFile } from 'node:fs/promises'
import { type Clock, elapsed } from '../clock/clock.ts'
import { RealClock } from '../clock/real-clock.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import { ladder, transcript } from '../telephony/trace/ladder.ts'
import type { Command } from './command.ts'
import { runningServer } from './running-server.ts'
import type { TraceApi } from './trace-api.ts'
import { commonUsage, onlyArgument, readArguments, textOf } from './user-arguments.ts'

const FOLLOW_MS = 500
const example = 'switchroom trace 5f0c --pcap call.pcap'

/** `switchroom trace <call>` */
export const trace: Command = {
  name: 'trace',
  summary: 'show every SIP message of a call',
  usage: `switchroom trace <call> [--follow | --messages | --json] [--pcap <file>]

  <call>              id of the contact or of one of its calls (the log has both), a Call-ID header,
                      or four or more characters out of one
  --follow            go on drawing until the call is over
  --messages          every message in full below the ladder
  --json              what the API says, for programs
  --pcap <file>       write a capture file for tshark or Wireshark too
${commonUsage}

The running server remembers the latest calls (trace.memory, trace.hours). Secrets are masked.`,
  example,
  async run(args) {
    const given = readArguments(
      args,
      {
        pcap: { type: 'string' },
        follow: { type: 'boolean' },
        messages: { type: 'boolean' },
        json: { type: 'boolean' },
      },
      example,
    )
    const call = onlyArgument(given, 'call', example)
    const server = await import('./trace-api.ts')
    const api = new server.TraceApi(
      ...(await runningServer(
        given,
        'trace',
        'Traces are in the memory of the server: start it, or name its center or its data.dir.',
      )),
      call,
    )
    const { json, messages, pcap } = given.values
    const show = (text: string): void => void process.stdout.write(text)
    if (given.values['follow'] === true) await follow(api, new RealClock(), show)
    else {
      const found = await api.read()
      show(json === true ? `${JSON.stringify(found, undefined, 2)}\n` : ladder(found))
      if (messages === true) show(`\n${transcript(found)}`)
    }
    const file = textOf(pcap)
    if (file !== undefined) await save(file, await api.capture())
    return 0
  },
}

/** Draws what is new until all have hung up; from the top again when another party has joined. */
async function follow(api: TraceApi, clock: Clock, show: (text: string) => void): Promise<void> {
  for (let shown = ''; ; await elapsed(clock, FOLLOW_MS)) {
    const found = await api.read()
    const text = ladder(found)
    show(text.startsWith(shown) ? text.slice(shown.length) : `\n${text}`)
    shown = text
    const ended = found.notes.flatMap(({ what, calls }) => (what === 'ended' ? calls : []))
    if (found.legs.every(({ call }) => call === undefined || ended.includes(call))) return
  }
}

async function save(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes)
  } catch (thrown) {
    throw new SwitchroomError('USAGE', `${file} cannot be written: ${messageOf(thrown)}`, {
      remedy: 'Name a file in a folder that is there and yours.',
      cause: thrown,
    })
  }
}

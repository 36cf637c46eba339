import { writeFile } from 'node:fs/promises'
import { RealClock } from '../clock/real-clock.ts'
import { loadSettings } from '../config/load-settings.ts'
import { DataFolder, folderBusy } from '../database/data-folder.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import { ladder, transcript } from '../telephony/trace/ladder.ts'
import type { Command } from './command.ts'
import {
  type Arguments,
  commonUsage,
  onlyArgument,
  readArguments,
  textOf,
  textsOf,
} from './user-arguments.ts'

const example = 'switchroom trace 5f0c --pcap call.pcap'

/** `switchroom trace <call>` */
export const trace: Command = {
  name: 'trace',
  summary: 'show every SIP message of a call',
  usage: `switchroom trace <call> [--pcap <file>] [--messages] [--json]

  <call>              id of the contact or of one of its calls (the log has both), a Call-ID header,
                      or four or more characters out of one
  --pcap <file>       write a capture file for tshark or Wireshark
  --messages          every message in full below that
  --json              what the API says, for programs
${commonUsage}

The running server remembers the latest calls (trace.memory, trace.hours). Secrets are masked.`,
  example,
  async run(args) {
    const given = readArguments(
      args,
      { pcap: { type: 'string' }, messages: { type: 'boolean' }, json: { type: 'boolean' } },
      example,
    )
    const call = onlyArgument(given, 'call', example)
    const { TraceApi } = await import('./trace-api.ts')
    const api = new TraceApi(...(await runningServer(given)), call)
    const { json, messages, pcap } = given.values
    const found = await api.read()
    const text = json === true ? `${JSON.stringify(found, undefined, 2)}\n` : ladder(found)
    process.stdout.write(messages === true ? `${text}\n${transcript(found)}` : text)
    const file = textOf(pcap)
    if (file !== undefined) await save(file, await api.capture())
    return 0
  },
}

/** Address and operator's token. @throws SwitchroomError SERVER_UNREACHABLE or DATA_FOLDER_BUSY */
async function runningServer({ values }: Arguments): Promise<[address: string, token: string]> {
  const { settings } = await loadSettings(textsOf(values['set']), textOf(values['center']))
  const owner = DataFolder.openOrFindOwner(settings.data.dir, 'trace', new RealClock())
  if (owner instanceof DataFolder) {
    owner.release()
    throw new SwitchroomError('SERVER_UNREACHABLE', `No server runs with the data folder ${owner.path}.`, {
      remedy: 'Traces are in the memory of the server: start it, or name its center or its data.dir.',
    })
  }
  if (owner === 'unknown' || owner.address === undefined || owner.operatorToken === undefined)
    throw folderBusy(settings.data.dir, owner)
  return [owner.address, owner.operatorToken]
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

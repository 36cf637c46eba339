/**
 * Records what real servers say, for the tests beside this file: `npm run record:drachtio`, with
 * SWITCHROOM_TEST_DRACHTIO and SWITCHROOM_TEST_FREESWITCH as for the conformance suite. A caller calls, is played to,
 * presses a key, is recorded, holds us and hangs up; a phone registers, is dialled, refuses, and is cancelled.
 *
 * Two files come of it: the frames of drachtio-server as they were on its wire, and events of FreeSWITCH as its event
 * socket gives them, the first of each kind, with the versions of the servers and the date.
 */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import type { CallCommand } from '../../../src/call/commands.ts'
import type { CallEvent } from '../../../src/call/events.ts'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { DrachtioTelephony } from '../../../src/telephony/drachtio/drachtio-telephony.ts'
import { FarPhone, PASSWORD } from '../../conformance/telephony/far-phone.ts'
import { writeTones } from '../../conformance/telephony/tones.ts'
import { drachtioAddress, freeSwitchAddresses, type PeerAddress } from '../../support/drachtio.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { Frames } from './frames.ts'

const REALM = 'recorded.test'
const EVENTS = 'DTMF RECORD_STOP CHANNEL_EXECUTE_COMPLETE HEARTBEAT CHANNEL_BRIDGE CHANNEL_PARK'

const [media] = freeSwitchAddresses()
if (!media) throw new Error('SWITCHROOM_TEST_FREESWITCH names no server')
const signalling = drachtioAddress()
const frames: string[] = []
const relay = createServer((near) => {
  const far = connect(signalling)
  const reader = new Frames()
  far.on('data', (bytes) => frames.push(...reader.read(bytes)))
  near.pipe(far)
  far.pipe(near)
})
await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
const address = relay.address()
if (typeof address !== 'object' || !address) throw new Error('the relay has no port')
const listening = await listen(media)

const events: CallEvent[] = []
const telephony = new DrachtioTelephony({
  clock: new RealClock(),
  logger: pino({ level: 'silent' }),
  server: { host: '127.0.0.1', port: address.port, secret: signalling.secret },
  mediaServers: [{ ...media, name: 'recorded', profile: 'drachtio_mrf' }],
  listenAddress: '127.0.0.1',
  realm: REALM,
  allowedUris: [],
  isServed: () => true,
  findCredentials: async (device) => ({
    device,
    ha1: { md5: digest('md5', device), sha256: digest('sha256', device) },
  }),
})
await telephony.start((event) => events.push(event))
const folder = await tempFolder('recorded')
const files = await writeTones(folder.path)
const server = `127.0.0.1:${telephony.address().port}`

const caller = new FarPhone(server)
await caller.start()
const far = caller.call('+12025550101', '100')
const { call } = await event('call.offered')
await done({ type: 'answer', id: 'answer', call })
await done({ type: 'play', id: 'play', call, items: [{ file: files.short }], interruptible: false })
far.press('5')
await event('call.digit')
await done({ type: 'record.start', id: 'record', call, file: join(folder.path, 'said.wav'), maxMs: 400 })
far.hold()
await event('call.held')
far.unhold()
await event('call.unheld')
far.hangup()
await event('call.ended')

const phone = new FarPhone(server, 'recorded-phone')
await phone.start()
const dial = { target: { device: 'recorded-phone' }, from: { uri: 'sip:100@recorded.test' }, ringMs: 5_000 }
telephony.execute({ type: 'dial', id: 'dial-1', call: 'refused', ...dial })
await event('call.progress')
phone.incoming?.refuse('busy')
await endOf('refused')
telephony.execute({ type: 'dial', id: 'dial-2', call: 'cancelled', ...dial })
await until(() => events.some((each) => each.type === 'call.progress' && each.call === 'cancelled'))
telephony.execute({ type: 'hangup', id: 'hangup', call: 'cancelled' })
await endOf('cancelled')
await until(() => listening.heard.has('HEARTBEAT'), 30_000)

await phone.stop()
await caller.stop()
await telephony.stop()
listening.close()
relay.close()
await folder.remove()

const when = new Date().toISOString()
const drachtio = frames
  .map((frame) => /\|response\|[^|]*\|OK\|[^|]*\|(v[\d.]+)/.exec(frame)?.[1])
  .find((each) => each)
await save('signalling', {
  recorded: when,
  server: `drachtio-server ${drachtio ?? 'of unknown version'}`,
  frames,
})
await save('media', {
  recorded: when,
  server: `FreeSWITCH ${listening.heard.get('HEARTBEAT')?.['FreeSWITCH-Version'] ?? 'of unknown version'}`,
  events: Object.fromEntries(listening.heard),
})

async function save(name: string, what: object): Promise<void> {
  const file = join(import.meta.dirname, 'recorded', `${name}.json`)
  await writeFile(file, `${JSON.stringify(what, null, 2)}\n`)
  process.stdout.write(`${file}\n`)
}

/** An event socket of its own: what FreeSWITCH tells is the same on each. */
async function listen({ host, port, secret }: PeerAddress) {
  const heard = new Map<string, Record<string, string>>()
  const socket = connect({ host, port })
  socket.setEncoding('utf8')
  let text = ''
  socket.on('data', (piece: string) => {
    text += piece
    for (;;) {
      const head = /^([\s\S]*?)\n\n/.exec(text)
      if (!head?.[1]) return
      const length = Number(/Content-Length: (\d+)/.exec(head[1])?.[1] ?? 0)
      const end = head[0].length + length
      if (Buffer.byteLength(text) < end) return
      const body = text.slice(head[0].length, end)
      text = text.slice(end)
      if (!head[1].includes('text/event-json')) continue
      const told = JSON.parse(body) as Record<string, string>
      const name = told['Event-Name'] ?? ''
      const kind = name === 'CHANNEL_EXECUTE_COMPLETE' ? `${name} ${told['Application']}` : name
      if (!heard.has(kind)) heard.set(kind, told)
    }
  })
  socket.write(`auth ${secret}\n\nevent json ${EVENTS}\n\n`)
  return { heard, close: () => socket.destroy() }
}

async function until(holds: () => boolean, withinMs = 10_000): Promise<void> {
  for (let passed = 0; !holds(); passed += 20) {
    if (passed > withinMs) throw new Error(`not within ${withinMs} ms; there was ${JSON.stringify(events)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function event<Type extends CallEvent['type']>(
  type: Type,
): Promise<Extract<CallEvent, { type: Type }>> {
  const isOne = (each: CallEvent): each is Extract<CallEvent, { type: Type }> => each.type === type
  await until(() => events.some(isOne))
  const [found] = events.filter(isOne)
  if (!found) throw new Error(`there was no ${type}`)
  return found
}

async function done(command: CallCommand): Promise<void> {
  telephony.execute(command)
  await until(() => events.some((each) => 'command' in each && each.command === command.id))
}

async function endOf(call: string): Promise<void> {
  await until(() => events.some((each) => each.type === 'call.ended' && each.call === call))
}

function digest(algorithm: 'md5' | 'sha256', device: string): string {
  return createHash(algorithm).update(`${device}:${REALM}:${PASSWORD}`).digest('hex')
}

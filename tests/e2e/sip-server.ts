/** The embedded SIP server with real media on loopback, and what it reported. */
import { pino } from 'pino'
import type { CallCommand } from '../../src/call/commands.ts'
import type { CallEvent } from '../../src/call/events.ts'
import { RealClock } from '../../src/clock/real-clock.ts'
import { ha1 } from '../../src/telephony/digest.ts'
import { EmbeddedTelephony } from '../../src/telephony/embedded/embedded-telephony.ts'
import type { EmbeddedOptions } from '../../src/telephony/embedded/options.ts'

export const PASSWORD = 'wonder'

export interface SipServer extends AsyncDisposable {
  readonly telephony: EmbeddedTelephony
  readonly target: string
  /** Executes with an id of its own. @returns the id */
  execute(
    command: Record<string, unknown> & { readonly type: CallCommand['type']; readonly call: string },
  ): string
  /** The first event of a type that no earlier call has returned. */
  event<Type extends CallEvent['type']>(type: Type): Promise<Extract<CallEvent, { type: Type }>>
  /** How often a type was reported. */
  count(type: CallEvent['type']): number
}

/** @param react what a flow would do, told every event */
export async function startSipServer(
  react: (event: CallEvent, server: SipServer) => void,
  options: Partial<EmbeddedOptions> = {},
): Promise<SipServer> {
  const events: CallEvent[] = []
  const counts = new Map<string, number>()
  let waiting: (() => void)[] = []
  let commands = 0
  const telephony = new EmbeddedTelephony({
    clock: new RealClock(),
    logger: pino({ level: 'silent' }),
    host: '127.0.0.1',
    port: 0,
    tcp: true,
    realm: 'switchroom',
    findCredentials: async (device) =>
      device === 'alice'
        ? {
            device,
            ha1: {
              md5: ha1('MD5', device, 'switchroom', PASSWORD),
              sha256: ha1('SHA-256', device, 'switchroom', PASSWORD),
            },
          }
        : undefined,
    isServed: () => true,
    allowedUris: ['127.0.0.1'],
    ...options,
  })
  const server: SipServer = {
    telephony,
    get target() {
      const { host, port } = telephony.address()
      return `${host}:${port}`
    },
    execute(command) {
      const id = `command-${++commands}`
      telephony.execute({ id, ...command } as CallCommand)
      return id
    },
    async event(type) {
      for (;;) {
        const at = events.findIndex((each) => each.type === type)
        if (at >= 0) return events.splice(at, 1)[0] as Extract<CallEvent, { type: typeof type }>
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    count: (type) => counts.get(type) ?? 0,
    [Symbol.asyncDispose]: () => telephony.stop(),
  }
  await telephony.start((event) => {
    events.push(event)
    counts.set(event.type, (counts.get(event.type) ?? 0) + 1)
    react(event, server)
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  })
  return server
}

/** Answers every call. */
export function answerAll(event: CallEvent, server: SipServer): void {
  if (event.type === 'call.offered') server.execute({ type: 'answer', call: event.call })
}

import type { Logger } from 'pino'
import type { Clock } from '../../clock/clock.ts'
import { CallTraces } from './call-traces.ts'
import { HepListener } from './hep-listener.ts'

/** As the settings have it. */
export interface TraceSettings {
  /** MiB; 0: nothing is traced. */
  readonly memory: number
  readonly hours: number
  /** Empty: no server tells us anything by HEP. */
  readonly hepHost: string
  readonly hepPort: number
  readonly hepPassword: string
}

export interface OpenTraces {
  /** Undefined where nothing is traced. */
  readonly traces: CallTraces | undefined
  readonly close: () => Promise<void>
}

/**
 * @param sipPort where the servers that tell us by HEP speak SIP
 * @throws SwitchroomError PORT_TAKEN or ADDRESS_UNAVAILABLE
 */
export async function openTraces(
  { memory, hours, hepHost, hepPort, hepPassword }: TraceSettings,
  clock: Clock,
  logger: Logger,
  sipPort: number,
): Promise<OpenTraces> {
  if (memory === 0) return { traces: undefined, close: async () => {} }
  const traces = new CallTraces({ clock, bytes: memory * 1024 * 1024, keepMs: hours * 3_600_000 })
  if (hepHost === '') return { traces, close: async () => {} }
  const listener = new HepListener({
    logger,
    trace: traces,
    host: hepHost,
    port: hepPort,
    password: hepPassword,
    sipPort,
  })
  await listener.start()
  return { traces, close: () => listener.stop() }
}

import { createSocket } from 'node:dgram'
import type { Clock } from '../../clock/clock.ts'
import { messageOf, SwitchroomError } from '../../errors.ts'

/** A host with its port; `port` has a default. */
export interface HostPort {
  readonly host: string
  readonly port: number
}

/**
 * Reads `host`, `host:port`.
 * @throws SwitchroomError USAGE
 */
export function parseHostPort(text: string, defaultPort: number): HostPort {
  const found = /^([A-Za-z0-9.-]+)(?::(\d{1,5}))?$/.exec(text)
  const port = Number(found?.[2] ?? defaultPort)
  if (!found?.[1] || port < 1 || port > 65_535) {
    throw new SwitchroomError('USAGE', `"${text}" is not a host or host:port`, {
      remedy: 'For example 127.0.0.1:5060.',
    })
  }
  return { host: found[1], port }
}

/** The address of this machine from which that one is reached. No packet is sent. */
export function localAddressTowards({ host, port }: HostPort): Promise<string> {
  const socket = createSocket('udp4')
  return new Promise<string>((resolve, reject) => {
    const unreachable = (error: unknown): void =>
      reject(
        new SwitchroomError('SERVER_UNREACHABLE', `${host} cannot be reached: ${messageOf(error)}`, {
          remedy: 'Check the name and the network.',
        }),
      )
    socket.once('error', unreachable)
    socket.connect(port, host, (error?: Error) => {
      if (error) unreachable(error)
      else resolve(socket.address().address)
    })
  }).finally(() => socket.close())
}

/** A host that is there refuses a packet for a closed port within this. */
const REFUSED_WITHIN_MS = 150

/**
 * Finds out in a moment what a SIP request would take half a minute to find: that nothing listens there. The
 * packet is the keep-alive of RFC 5626 3.5.1, which a server passes over.
 * @throws SwitchroomError SERVER_UNREACHABLE
 */
export function checkListening({ host, port }: HostPort, clock: Clock): Promise<void> {
  const socket = createSocket('udp4')
  return new Promise<void>((resolve, reject) => {
    socket.once('error', (error) =>
      reject(
        new SwitchroomError('SERVER_UNREACHABLE', `nothing listens at ${host}:${port}: ${messageOf(error)}`, {
          remedy: 'Start the server with `npm start`, or name it with --server.',
        }),
      ),
    )
    socket.connect(port, host, () => {
      socket.send('\r\n\r\n')
      clock.after(REFUSED_WITHIN_MS, resolve)
    })
  }).finally(() => socket.close())
}

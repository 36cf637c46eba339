import { createSocket } from 'node:dgram'
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

import Srf from 'drachtio-srf'
import { program } from './peers.ts'

/** An address with a password: `secret@host:port`. */
export interface PeerAddress {
  readonly host: string
  readonly port: number
  readonly secret: string
}

/** Where a real drachtio-server listens for applications. Inside `describeWith(['drachtio'], ...)` only. */
export function drachtioAddress(): PeerAddress {
  return addressOf(program('drachtio'))
}

/** Event sockets of real FreeSWITCHes, one or more with commas between. */
export function freeSwitchAddresses(): readonly PeerAddress[] {
  return program('freeswitch').split(',').map(addressOf)
}

function addressOf(text: string): PeerAddress {
  const match = /^(.+)@([^@]+):(\d+)$/.exec(text.trim())
  const [, secret, host, port] = match ?? []
  if (secret === undefined || host === undefined) throw new Error(`${text} is not secret@host:port`)
  return { secret, host, port: Number(port) }
}

/** A drachtio-server gives each call to any one of those who are connected: one test at a time. */
export async function drachtioBackend() {
  const { host, port, secret } = drachtioAddress()
  const servers = freeSwitchAddresses()
  return {
    settings: {
      'telephony.backend': 'drachtio',
      'drachtio.host': host,
      'drachtio.port': port,
      'drachtio.mediaServers': servers.map((each) => `${each.host}:${each.port}`).join(','),
      'sip.port': await sipPort(),
    },
    env: {
      SWITCHROOM_DRACHTIO_SECRET: secret,
      SWITCHROOM_DRACHTIO_MEDIA_PASSWORD: servers[0]?.secret ?? '',
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}

/** Where drachtio-server takes calls over UDP, as it says itself. */
async function sipPort(): Promise<number> {
  const srf = new Srf()
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  srf.on('error', reject)
  srf.on('connect', (error, contacts) => (error ? reject(error) : resolve(contacts)))
  void srf.connect({ ...drachtioAddress() })
  const contacts = await promise
  srf.disconnect()
  return Number(/udp\/[^,]*:(\d+)/.exec(contacts)?.[1])
}

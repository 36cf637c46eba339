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

import type { LookupAddress } from 'node:dns'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Peer, request, SDP, TestServer, trunkTo } from './support.ts'

type Found = (error: Error | null, found: LookupAddress[]) => void

/** Name servers: what has been asked and waits for its answer. */
const asked = vi.hoisted(() => [] as { readonly name: string; readonly done: Found }[])

vi.mock('node:dns', () => ({
  lookup: (name: string, _: object, done: Found) => asked.push({ name, done }),
}))

afterEach(() => {
  asked.length = 0
})

/** Answers all that has been asked; the name has no answer where there are no addresses. */
function say(addresses: readonly string[]): void {
  for (const { done } of asked.splice(0)) {
    if (addresses.length === 0) done(new Error('EAI_AGAIN'), [])
    else
      done(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      )
  }
}

describe('a trunk whose hosts are names', () => {
  /** The trunk that a call from this peer is taken to come from. */
  async function trunkOfCall(server: TestServer, peer: Peer, callId: string): Promise<string | undefined> {
    peer.send(request(peer, 'INVITE', { body: SDP, callId }))
    return (await server.event('call.offered')).trunk
  }

  test('sends from every address of a name, and from the last known ones while they cannot be looked up', async () => {
    await using a = await Peer.open()
    const hosts = ['192.0.2.1', `sip.example.com:${a.port}`]
    await using server = await TestServer.start({ trunks: [trunkTo('a', a, { hosts })] })
    a.faces(server)
    expect(asked.map(({ name }) => name)).toEqual(['sip.example.com'])
    say(['192.0.2.7', '127.0.0.1'])
    expect(await trunkOfCall(server, a, 'one')).toBe('a')
    server.clock.advance(60_000)
    expect(await trunkOfCall(server, a, 'looking')).toBe('a')
    say([])
    expect(await trunkOfCall(server, a, 'failed')).toBe('a')
    server.clock.advance(60_000)
    say(['192.0.2.7'])
    expect(await trunkOfCall(server, a, 'moved')).toBeUndefined()
  })
})

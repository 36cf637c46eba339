import type { Interaction } from '../../src/call/interaction.ts'

/** A finished interaction with everything that one can have, except what `with` says. */
export function interaction(id: string, overrides: Partial<Interaction> = {}): Interaction {
  const startedAt = overrides.startedAt ?? Date.UTC(2026, 0, 5, 9)
  const at = (seconds: number): number => startedAt + seconds * 1000
  const media = { packetsReceived: 3000, packetsSent: 2998, packetsLost: 2, jitterMs: 1.25, codec: 'PCMU' }
  return {
    id,
    channel: 'voice',
    direction: 'inbound',
    startedAt,
    endedAt: at(60),
    outcome: 'handled',
    from: { uri: 'sip:+12025550142@10.0.0.1', number: '+12025550142', name: 'June "Jay" Müller' },
    to: { uri: 'sip:100@127.0.0.1', number: '100' },
    language: 'en',
    customer: 'june',
    candidates: ['june', 'theo'],
    flow: { name: 'main', hash: 'a1b2' },
    path: [
      { node: 'greeting', at: startedAt },
      { node: 'menu', at: at(2) },
    ],
    data: { account: '4471002', known: true, tries: 2, nothing: null },
    segments: [
      { kind: 'ivr', startedAt, endedAt: at(5), result: 'queued' },
      { kind: 'queue', startedAt: at(5), endedAt: at(20), queue: 'billing', result: 'connected' },
      {
        kind: 'ring',
        startedAt: at(15),
        endedAt: at(20),
        agent: 'ana',
        offer: `${id}-o1`,
        result: 'accepted',
      },
      {
        kind: 'talk',
        startedAt: at(20),
        endedAt: at(60),
        agent: 'ana',
        queue: 'billing',
        result: 'ended',
        media,
      },
    ],
    disposition: 'resolved',
    notes: "It's fine.\nReally.",
    media,
    ...overrides,
  }
}

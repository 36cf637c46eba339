import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'

/**
 * The part of the API's messages that an agent's phone reads (`src/api/contract` has all of it). What is not named
 * here may be there and is passed over, so that a newer server suits too.
 */
const text = Type.String()
const Caller = Type.Object({ number: Type.Optional(text), name: Type.Optional(text) })

export const SignedIn = Type.Object({ token: text, user: Type.Object({ id: text, name: text }) })

export const CenterFacts = Type.Object({
  sip: Type.Object({ host: text, port: Type.Integer() }),
  dispositions: Type.Array(Type.Object({ id: text, name: text, queues: Type.Optional(Type.Array(text)) })),
})
export type CenterFacts = Static<typeof CenterFacts>

const Customers = Type.Array(Type.Object({ name: text, company: Type.Optional(text), tier: text }))
export type Customers = Static<typeof Customers>

const Pop = Type.Object({
  offer: text,
  contact: text,
  queue: Type.Object({ id: text, name: text }),
  from: Caller,
  language: Type.Optional(text),
  waitedMs: Type.Number(),
  priority: Type.Number(),
  priorityReason: text,
  data: Type.Record(text, Type.Unknown()),
  candidateIds: Type.Array(text),
  customers: Customers,
  takenBy: Type.Optional(text),
})
export type Pop = Static<typeof Pop>

const WrapUp = Type.Object({ contact: text, queue: text })
const AgentState = Type.Object({ id: text, presence: text, reason: Type.Optional(text), device: text })

const messages = {
  snapshot: Type.Object({
    me: Type.Optional(
      Type.Object({ agent: AgentState, offer: Type.Optional(Pop), wrapUps: Type.Array(WrapUp) }),
    ),
  }),
  'agent.changed': Type.Object({ agent: AgentState }),
  'offer.made': Type.Object({ pop: Pop }),
  'offer.context': Type.Object({ offer: text, customers: Customers }),
  'offer.ended': Type.Object({ offer: text, outcome: text }),
  'contact.connected': Type.Object({ contact: text }),
  'talk.ended': Type.Object({ contact: text, by: text }),
  'wrap-up.started': Type.Object({ wrapUp: WrapUp }),
  'wrap-up.ended': Type.Object({ contact: text }),
}
type Messages = typeof messages

/** A live event that concerns the agent's phone. */
export type AgentMessage = {
  [Name in keyof Messages]: { readonly type: Name } & Static<Messages[Name]>
}[keyof Messages]

const Any = Type.Object({ type: text, cursor: text })

/** Reads one message of the event stream; `message` is undefined for what a phone does not need. */
export function readAgentMessage(
  data: string,
): { cursor: string; message: AgentMessage | undefined } | undefined {
  const content = parseJson(data)
  if (!Check(Any, content)) return undefined
  return { cursor: content.cursor, message: isAgentMessage(content) ? content : undefined }
}

function isAgentMessage(content: { type: string }): content is AgentMessage {
  return Object.hasOwn(messages, content.type) && Check(messages[content.type as keyof Messages], content)
}

/** Undefined when it is not JSON. */
export function parseJson(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

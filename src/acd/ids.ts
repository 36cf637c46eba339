/** Opaque ids: never numbers, names or digits. All times of the engine are milliseconds, moments since 1970. */
export type ContactId = string
export type AgentId = string
export type OfferId = string

/** How a contact came: `voice`, `chat`, `email`, ... A phone is needed for voice only. */
export type Channel = string

/** Skill -> level that an agent holds it at, 1 (beginner) to 10 (expert). */
export type Skills = Readonly<Record<string, number>>

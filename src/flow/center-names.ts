/** What a center has, by name: what flows may point to. */
export interface CenterNames {
  readonly queues: ReadonlySet<string>
  readonly skills: ReadonlySet<string>
  readonly calendars: ReadonlySet<string>
  readonly mailboxes: ReadonlySet<string>
  readonly music: ReadonlySet<string>
  /** Audio files without .wav, by language. */
  readonly prompts: ReadonlyMap<string, ReadonlySet<string>>
  /** Does a route of the center carry this number? */
  readonly isRouted: (number: string) => boolean
  /** User names; absent where the people are not known (they are rows of the database). */
  readonly agents?: ReadonlySet<string>
}

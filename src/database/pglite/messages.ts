/** What the thread of the embedded database is asked and answers. Ids pair the two. */
export type Request =
  | {
      readonly id: number
      readonly type: 'query'
      readonly sql: string
      readonly parameters: readonly unknown[]
    }
  | { readonly id: number; readonly type: 'close' }

export type Reply =
  /** Once, when the database is open. */
  | { readonly type: 'ready' }
  /** Once instead, when it could not be opened; the thread ends. */
  | { readonly type: 'unopened'; readonly message: string }
  | {
      readonly type: 'result'
      readonly id: number
      readonly rows: readonly unknown[]
      readonly affectedRows?: number
      /** First word of the statement as PostgreSQL completed it, for example `ROLLBACK`. */
      readonly command?: string
    }
  | { readonly type: 'error'; readonly id: number; readonly error: QueryFault }
  /** Something that the operator should know of; nobody waits for it. */
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'closed'; readonly id: number }

/** The fields of a PostgreSQL error, as `pg` names them too. */
export interface QueryFault {
  readonly message: string
  /** SQLSTATE. */
  readonly code?: string
  readonly detail?: string
  readonly constraint?: string
  readonly table?: string
  readonly column?: string
}

export interface ThreadData {
  /** A folder, or `memory`. */
  readonly folder: string
}

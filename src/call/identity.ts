import type { Party } from './call.ts'

/**
 * What signalling says of an offered call beyond From and To. Everything here is the peer's word; what only a
 * network that we trust may say (`asserted`, `remoteParty`, `verification`) is absent from any other peer.
 */
export interface CallIdentity {
  /** P-Asserted-Identity (RFC 3325 9.1): one, or a SIP and a tel URI of the same caller. */
  readonly asserted?: readonly Party[]
  /** Remote-Party-ID of the calling party (draft-ietf-sip-privacy-04), which older equipment sends instead. */
  readonly remoteParty?: Party
  /** That peer has verified the remote party: `screen=yes`. */
  readonly screened?: true
  /**
   * The caller is to be shown to nobody: Privacy asks for it (`id`, RFC 3325 9.3; `user`, RFC 3323 4.2), or
   * Remote-Party-ID does (`privacy=full`). The call's `from` has neither number nor name then.
   */
  readonly withheld?: true
  /** Is the caller's number really theirs? (STIR/SHAKEN, RFC 8224, as the network verified it.) */
  readonly verification?: Verification
  /** Diversion (RFC 5806): who forwarded the call to us, the last one first. */
  readonly diversions?: readonly Diversion[]
  /** History-Info (RFC 7044): where the call has been targeted, in the order of the indexes. */
  readonly history?: readonly HistoryEntry[]
  /** User-to-User (RFC 7433): data that another application sent along. */
  readonly userToUser?: readonly UserToUser[]
}

/** The `verstat` parameter of the caller's URI (3GPP TS 24.229 7.2A.20). */
export interface Verification {
  /** `passed`: TN-Validation-Passed. `failed`: TN-Validation-Failed. `none`: No-TN-Validation. */
  readonly status: 'passed' | 'failed' | 'none'
  /**
   * How much the originating network vouches for (RFC 8588 4): `A` for caller and number, `B` for the caller, `C` for
   * neither. From Attestation-Info (TS 24.229 7.2.18), P-Attestation-Indicator, or `TN-Validation-Passed-A`.
   */
  readonly attestation?: 'A' | 'B' | 'C'
}

export interface Diversion {
  readonly party: Party
  /** `no-answer`, `user-busy`, `unconditional`, ... (RFC 5806 4.1), in lower case. */
  readonly reason?: string
}

export interface HistoryEntry {
  readonly party: Party
  /** For example `1.1`: the first target that entry `1` was retargeted to. */
  readonly index: string
  /** SIP status for which it was retargeted from here (Reason in the URI, RFC 3326). */
  readonly cause?: number
}

export interface UserToUser {
  /** As it was sent, unquoted. */
  readonly data: string
  /** `hex` unless another is named (RFC 7433 4.1), in lower case. */
  readonly encoding: string
}

import { Check } from 'typebox/value'
import { CallTrace, TracedAddress, TraceLeg, TraceMessage, TraceNote } from '../api/contract/index.ts'
import type { CallTrace as Trace } from '../telephony/call-trace.ts'
import { OperatorApi, otherVersion } from './operator-api.ts'

/** How the schema mentions its parts. */
const parts = Object.fromEntries(
  [TracedAddress, TraceLeg, TraceMessage, TraceNote].map((schema) => [`${schema.$id}#`, schema]),
)

/** One call's trace at the running server. */
export class TraceApi {
  readonly #api: OperatorApi
  readonly #path: string

  /** @param call any id of it, or a part of one */
  constructor(address: string, token: string, call: string) {
    this.#api = new OperatorApi(address, token)
    this.#path = `/v1/contacts/${encodeURIComponent(call)}/trace`
  }

  /** @throws SwitchroomError NOT_FOUND, INPUT_INVALID (it fits several), SERVER_UNREACHABLE */
  async read(): Promise<Trace> {
    const content = await this.#api.ask('GET', this.#path)
    if (Check(parts, CallTrace, content)) return content
    throw otherVersion('trace of a call')
  }

  /** As a capture file. @throws as `read` */
  capture(): Promise<Uint8Array> {
    return this.#api.bytes(`${this.#path}.pcap`)
  }
}

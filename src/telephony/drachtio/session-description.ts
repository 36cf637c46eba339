/**
 * The little that a B2BUA must know of SDP (RFC 4566) when FreeSWITCH negotiates: whether the far end listens, where
 * it listens, and how one session goes on although the media server behind it is another one.
 */

/** Is the far end not listening: `sendonly`, `inactive`, or the address 0.0.0.0 (RFC 3264 8.4)? */
export function isHold(sdp: string): boolean {
  return /^a=(sendonly|inactive)\s*$/m.test(sdp) || /^c=IN IP4 0\.0\.0\.0\s*$/m.test(sdp)
}

/** Does this body describe a session with audio that is not refused? */
export function hasAudio(sdp: string): boolean {
  return /^m=audio [1-9]\d{0,4}(?:\/\d+)? RTP\/AVPF? /m.test(sdp)
}

/**
 * The origin line of a session that we describe: the first description's, with a version that grows
 * (RFC 3264 8), whichever media server wrote the rest.
 */
export class SessionOrigin {
  #first: { readonly name: string; readonly id: string } | undefined
  #version = 0
  #last = ''

  /** The description as it goes to the far end. One that says the same as the last one keeps its version. */
  describe(sdp: string): string {
    const origin = /^o=(\S+) (\S+) (\S+) ([^\r\n]*)/m.exec(sdp)
    if (!origin) return sdp
    const [line, name = '-', id = '0', version = '0', address = ''] = origin
    this.#first ??= { name, id }
    const rest = sdp.replace(line, '')
    if (this.#version === 0) this.#version = Number(version) || 1
    else if (rest !== this.#last) this.#version++
    this.#last = rest
    return sdp.replace(line, `o=${this.#first.name} ${this.#first.id} ${this.#version} ${address}`)
  }
}

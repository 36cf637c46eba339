/** Cuts the wire of drachtio-server into frames: `<bytes>#<text>`. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0)

  read(bytes: Buffer): string[] {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const frames: string[] = []
    for (let hash = this.#rest.indexOf('#'); hash > 0; hash = this.#rest.indexOf('#')) {
      const end = hash + 1 + Number(this.#rest.toString('latin1', 0, hash))
      if (this.#rest.length < end) break
      frames.push(this.#rest.toString('utf8', hash + 1, end))
      this.#rest = this.#rest.subarray(end)
    }
    return frames
  }
}

export function frame(text: string): string {
  return `${Buffer.byteLength(text)}#${text}`
}

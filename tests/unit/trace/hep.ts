/** Writes HEP 3 as capture agents do, from the specification alone. */
export interface HepFields {
  readonly source?: string
  readonly destination?: string
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly protocol?: number
  readonly kind?: number
  readonly seconds?: number
  readonly micros?: number
  readonly password?: string
  readonly payload?: Buffer | string
  /** Chunk type of the payload (default 15). */
  readonly payloadType?: number
}

export function hep(fields: HepFields = {}): Buffer {
  const { source = '198.51.100.7', destination = '192.0.2.1', password, payload = '' } = fields
  const chunks = [
    chunk(1, Buffer.from([2])),
    chunk(2, Buffer.from([fields.protocol ?? 17])),
    address(source, 3, 5),
    address(destination, 4, 6),
    chunk(7, uint16(fields.sourcePort ?? 5070)),
    chunk(8, uint16(fields.destinationPort ?? 5060)),
    chunk(9, uint32(fields.seconds ?? 1_767_600_000)),
    chunk(10, uint32(fields.micros ?? 123_456)),
    chunk(11, Buffer.from([fields.kind ?? 1])),
    chunk(12, uint32(2001)),
    ...(password === undefined ? [] : [chunk(14, Buffer.from(password))]),
    chunk(17, Buffer.from('correlation')),
    // Another vendor's, which must not be taken for the payload.
    chunk(15, Buffer.from('nothing'), 4),
    chunk(fields.payloadType ?? 15, Buffer.from(payload)),
  ]
  const content = Buffer.concat(chunks)
  return Buffer.concat([Buffer.from('HEP3'), uint16(content.length + 6), content])
}

function chunk(type: number, content: Buffer, vendor = 0): Buffer {
  return Buffer.concat([uint16(vendor), uint16(type), uint16(content.length + 6), content])
}

function address(host: string, four: number, six: number): Buffer {
  if (!host.includes(':')) return chunk(four, Buffer.from(host.split('.').map(Number)))
  return chunk(six, Buffer.from(host.replaceAll(':', ''), 'hex'))
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

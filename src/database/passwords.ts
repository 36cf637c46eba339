import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * Passwords are hashed with scrypt (RFC 7914), which is hard on memory, and stored with their parameters:
 * `$scrypt$ln=15,r=8,p=3$<salt>$<hash>` (PHC string format, base64 without padding).
 */
interface Cost {
  /** Binary logarithm of N. */
  readonly ln: number
  readonly r: number
  readonly p: number
}

/** 32 MiB per hash; equal in strength to N=2^17, p=1 by OWASP's table, at a quarter of the memory. */
const COST: Cost = { ln: 15, r: 8, p: 3 }

/** For passwords that are printed in the documentation: there is nothing to protect, and starting is quicker. */
const PUBLISHED_COST: Cost = { ln: 10, r: 8, p: 1 }

const HASH_BYTES = 32

/** Stored strings stay within these bounds, so that a damaged one cannot ask for all memory. */
const FORMAT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,64})\$([A-Za-z0-9+/]{43})$/

export async function hashPassword(password: string, options: { published?: boolean } = {}): Promise<string> {
  const cost = options.published ? PUBLISHED_COST : COST
  const salt = randomBytes(16)
  const hash = await derive(password, salt, cost)
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(hash)}`
}

/**
 * Whether the password is the one that was hashed. Takes as long when nothing was stored (nobody has that
 * name) as when the password is wrong.
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, ln, r, p, salt = '', hash = ''] = FORMAT.exec(stored ?? '') ?? []
  if (ln === undefined) {
    await derive(password, Buffer.alloc(16), COST)
    return false
  }
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  const derived = await derive(password, Buffer.from(salt, 'base64'), cost)
  return timingSafeEqual(derived, Buffer.from(hash, 'base64'))
}

/** Digest HA1 of RFC 8760 (and RFC 2617): the hash of `device:realm:password`, hex. */
export function digestHa1(device: string, realm: string, password: string): { md5: string; sha256: string } {
  const secret = `${device}:${realm}:${password}`
  const hash = (algorithm: string) => createHash(algorithm).update(secret, 'utf8').digest('hex')
  return { md5: hash('md5'), sha256: hash('sha256') }
}

function derive(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r }
  return new Promise((resolve, reject) => {
    // The same text typed on another keyboard may be composed differently: compare what people see (NFKC).
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, hash) => {
      if (error) reject(error)
      else resolve(hash)
    })
  })
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

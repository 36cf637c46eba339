import { parseUri } from './sip-uri.ts'

/** A check of SIP URIs against patterns of hosts: `example.com`, `*.example.com`, `192.0.2.*`, `10.0.0.1:5080`. */
export function allowList(patterns: readonly string[]): (uri: string) => boolean {
  const expressions = patterns.map(toExpression)
  return (uri) => {
    const parsed = parseUri(uri)
    if (!parsed || parsed.scheme !== 'sip') return false
    const address = `${parsed.host}:${parsed.port ?? 5060}`
    return expressions.some((each) => each.test(parsed.host) || each.test(address))
  }
}

function toExpression(pattern: string): RegExp {
  const parts = pattern
    .toLowerCase()
    .split('*')
    .map((part) => RegExp.escape(part))
  return new RegExp(`^${parts.join('.*')}$`)
}

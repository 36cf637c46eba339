/** A piece of a text with `${...}` in it: plain text, or the source of an expression and where it begins. */
export type TemplatePiece = string | { readonly source: string; readonly index: number }

/**
 * Cuts a text at its `${...}`. `$${` stands for `${` itself. Braces and quotes inside an expression may nest.
 *
 * @returns the pieces, or where an expression begins that never ends
 */
export function splitTemplate(text: string): { pieces: TemplatePiece[] } | { unclosed: number } {
  const pieces: TemplatePiece[] = []
  let plain = ''
  let at = 0
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      plain += '${'
      at += 3
    } else if (text.startsWith('${', at)) {
      const end = endOfExpression(text, at + 2)
      if (end === undefined) return { unclosed: at }
      if (plain !== '') pieces.push(plain)
      plain = ''
      pieces.push({ source: text.slice(at + 2, end), index: at + 2 })
      at = end + 1
    } else {
      plain += text.charAt(at)
      at++
    }
  }
  if (plain !== '') pieces.push(plain)
  return { pieces }
}

function endOfExpression(text: string, from: number): number | undefined {
  let depth = 0
  let quote: string | undefined
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (quote !== undefined) {
      if (character === '\\') at++
      else if (character === quote) quote = undefined
    } else if (character === '"' || character === "'") quote = character
    else if (character === '{') depth++
    else if (character === '}' && depth-- === 0) return at
  }
  return undefined
}

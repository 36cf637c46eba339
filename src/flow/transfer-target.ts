/** What a transfer can go to: a SIP URI, or a number that a route of the center carries. */
export function isTransferTarget(text: string): boolean {
  return isSipUri(text) || /^\+?[0-9*#]{1,32}$/.test(text)
}

export function isSipUri(text: string): boolean {
  return /^sips?:\S+$/.test(text)
}

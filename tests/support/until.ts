/**
 * Waits until `condition` holds, for what announces itself to nobody (a file, a foreign process, a counter);
 * where there is an event, wait for that instead.
 * @returns what the condition returned
 * @throws when it does not hold within `timeoutMs`, naming `what`
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  timeoutMs = 10_000,
): Promise<Exclude<T, false | undefined>> {
  const end = performance.now() + timeoutMs
  for (;;) {
    const value = await condition()
    if (value !== false && value !== undefined) return value as Exclude<T, false | undefined>
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

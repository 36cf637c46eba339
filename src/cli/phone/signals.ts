/** Runs `stop` at the first Ctrl-C or SIGTERM; a second one ends the process at once. @returns how to stop that */
export function onInterrupt(stop: () => void): () => void {
  const once = (): void => {
    forget()
    stop()
  }
  const forget = (): void => {
    process.removeListener('SIGINT', once)
    process.removeListener('SIGTERM', once)
  }
  process.on('SIGINT', once)
  process.on('SIGTERM', once)
  return forget
}

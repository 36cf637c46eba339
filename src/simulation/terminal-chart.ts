/** Bars of text, for a terminal. */

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar that is `width` characters long for 1. @param share 0 to 1; anything else is drawn as the nearest of them */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share || 0)) * width * 8)
  return `${'█'.repeat(eighths >> 3)}${EIGHTHS[eighths & 7] ?? ''}`
}

/** Rows under one another: the columns as wide as their widest cell, the first to the left, the others by `align`. */
export function columns(
  rows: readonly (readonly string[])[],
  align: (column: number) => 'left' | 'right',
): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return align(column) === 'left' ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Charts as SVG: lines or bars over one axis, small enough to be read in a report, without a library. */

export interface Panel {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
}

export interface Axis {
  readonly label: string
  readonly from: number
  readonly to: number
  /** Marks to aim at; the step is 1, 2 or 5 times a power of ten unless `step` says otherwise. */
  readonly marks?: number
  readonly step?: number
  /** How a mark is written. */
  readonly text?: (value: number) => string
}

export interface Series {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly drawn: 'line' | 'dashed' | 'bars'
  /** Which of the colours; series of one subject have the same. */
  readonly colour: number
}

const WIDTH = 720
const PANEL = 300
const MARGIN = { left: 64, right: 168, top: 44, bottom: 52 }
const PLOT = { width: WIDTH - MARGIN.left - MARGIN.right, height: PANEL - MARGIN.top - MARGIN.bottom }
/** Distinct for most who do not see all colours (Okabe and Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#999999']

/** Panels under one another. */
export function svgChart(title: string, panels: readonly Panel[]): string {
  const height = 40 + panels.length * PANEL
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`,
    ` font-family="system-ui, sans-serif" font-size="12" fill="#222">\n`,
    `<rect width="100%" height="100%" fill="#fff"/>\n`,
    `<text x="20" y="28" font-size="17" font-weight="600">${escaped(title)}</text>\n`,
    ...panels.map((panel, at) => `<g transform="translate(0 ${36 + at * PANEL})">\n${drawn(panel)}</g>\n`),
    '</svg>\n',
  ].join('')
}

function drawn(panel: Panel): string {
  const { title, x, y, series } = panel
  const across = (value: number): number => MARGIN.left + scaled(value, x) * PLOT.width
  const down = (value: number): number => MARGIN.top + (1 - scaled(value, y)) * PLOT.height
  const bottom = MARGIN.top + PLOT.height
  const right = MARGIN.left + PLOT.width
  const grid = marksOf(y).map(
    (mark) =>
      `<line x1="${MARGIN.left}" x2="${right}" y1="${at(down(mark))}" y2="${at(down(mark))}" stroke="#e4e4e4"/>` +
      `<text x="${MARGIN.left - 8}" y="${at(down(mark) + 4)}" text-anchor="end">${written(mark, y)}</text>\n`,
  )
  const ticks = marksOf(x).map(
    (mark) =>
      `<line x1="${at(across(mark))}" x2="${at(across(mark))}" y1="${bottom}" y2="${bottom + 5}" stroke="#666"/>` +
      `<text x="${at(across(mark))}" y="${bottom + 19}" text-anchor="middle">${written(mark, x)}</text>\n`,
  )
  const frame =
    `<line x1="${MARGIN.left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="#666"/>` +
    `<text x="${(MARGIN.left + right) / 2}" y="${bottom + 38}" text-anchor="middle">${escaped(x.label)}</text>` +
    `<text x="${MARGIN.left - 44}" y="${MARGIN.top - 12}" fill="#555">${escaped(y.label)}</text>` +
    `<text x="${(MARGIN.left + right) / 2}" y="16" text-anchor="middle" font-size="14">${escaped(title)}</text>\n`
  const bars = series.filter((each) => each.drawn === 'bars')
  const shapes = series.map((each) =>
    each.drawn === 'bars'
      ? barsOf(each, bars.indexOf(each), bars.length, panel, across, down)
      : lineOf(each, across, down),
  )
  return [...grid, ...ticks, ...shapes, frame, ...series.map(legendOf)].join('')
}

function lineOf(
  { points, drawn: how, colour }: Series,
  across: (x: number) => number,
  down: (y: number) => number,
): string {
  const path = points
    .filter(([, y]) => Number.isFinite(y))
    .map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${at(across(x))} ${at(down(y))}`)
    .join('')
  const dashes = how === 'dashed' ? ' stroke-dasharray="5 4"' : ''
  return `<path d="${path}" fill="none" stroke="${colourOf(colour)}" stroke-width="2"${dashes}/>\n`
}

/** Bars stand to the right of their x, up to the next one. */
function barsOf(
  { points, colour }: Series,
  place: number,
  of: number,
  { x, y }: Panel,
  across: (x: number) => number,
  down: (y: number) => number,
): string {
  const step = (points[1]?.[0] ?? x.to) - (points[0]?.[0] ?? x.from)
  const room = across(x.from + step) - across(x.from)
  const width = (room * 0.8) / of
  return points
    .map(([from, value]) => {
      const left = across(from) + room * 0.1 + place * width
      return `<rect x="${at(left)}" y="${at(down(value))}" width="${at(width)}" height="${at(down(y.from) - down(value))}" fill="${colourOf(colour)}"/>\n`
    })
    .join('')
}

function legendOf({ name, drawn: how, colour }: Series, place: number): string {
  const left = MARGIN.left + PLOT.width + 16
  const y = MARGIN.top + 6 + place * 19
  const dashes = how === 'dashed' ? ' stroke-dasharray="5 4"' : ''
  const mark =
    how === 'bars'
      ? `<rect x="${left}" y="${y - 5}" width="18" height="10" fill="${colourOf(colour)}"/>`
      : `<line x1="${left}" x2="${left + 18}" y1="${y}" y2="${y}" stroke="${colourOf(colour)}" stroke-width="2"${dashes}/>`
  return `${mark}<text x="${left + 25}" y="${y + 4}">${escaped(name)}</text>\n`
}

function marksOf({ from, to, marks = 5, step = niceStep((to - from) / marks) }: Axis): number[] {
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step)
}

/** The next of 1, 2, 5, 10, 20 ... that is not smaller. */
export function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  return ([1, 2, 5].find((each) => each * power >= step * (1 - 1e-9)) ?? 10) * power
}

function scaled(value: number, { from, to }: Axis): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)))
}

function written(value: number, { text = String }: Axis): string {
  return escaped(text(value))
}

function colourOf(colour: number): string {
  return COLOURS[colour % COLOURS.length] ?? '#000000'
}

function at(coordinate: number): string {
  return String(Number(coordinate.toFixed(1)))
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

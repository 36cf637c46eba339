/**
 * Makes a checkout ready to run: installs the packages when the lock file is newer than what is installed, and,
 * with the argument `desk`, builds the agent desk when its sources are newer than the build.
 *
 * It runs before anything is installed, under whatever Node the machine has, so it is plain JavaScript and uses
 * nothing but Node. Everything it says goes to stderr, one line at a time. Two runs at once take turns.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const NODE_NEEDED = 24
/** An install or a build takes a minute at most; a holder older than this was left by a machine that went down. */
const TURN_LOST_MS = 15 * 60_000

/** A failure that is told in one line. */
export class NotReady extends Error {}

/**
 * Installs and builds what is missing or stale.
 * @param {{ desk?: boolean }} [options] desk: also build the agent desk
 * @throws {NotReady}
 */
export async function prepare(options = {}) {
  const steps = [
    { due: installDue, run: install },
    { due: () => options.desk === true && deskDue(), run: buildDesk },
  ]
  if (!steps.some((step) => step.due())) return checkNode()
  const leave = await takeTurn()
  try {
    for (const step of steps) if (step.due()) await step.run()
  } finally {
    leave()
  }
  checkNode()
}

/** The Node 24 that came with the packages, else the one that runs this. */
export function nodeBinary() {
  const bundled = path.join(root, 'node_modules/.bin/node')
  return fs.existsSync(bundled) ? bundled : process.execPath
}

function checkNode() {
  const own = Number(process.versions.node.split('.')[0])
  if (own >= NODE_NEEDED || nodeBinary() !== process.execPath) return
  throw new NotReady(
    `Switchroom needs Node ${NODE_NEEDED} or newer; this is Node ${process.versions.node}, and none comes ` +
      `with the packages for ${process.platform}-${process.arch}. Install it from https://nodejs.org.`,
  )
}

/** npm writes this file last, so an interrupted install counts as none. */
function installDue() {
  return modified('package-lock.json') > modified('node_modules/.package-lock.json')
}

async function install() {
  await withProgress('Installing packages from the lock file', () => {
    const npm = process.env.npm_execpath
    const args = ['ci', '--loglevel=error']
    return npm && /\.c?js$/.test(npm) ? run(process.execPath, [npm, ...args]) : run('npm', args)
  })
}

function deskDue() {
  if (!fs.existsSync(path.join(root, 'src/desktop/index.html'))) return false
  const built = modified('dist/desk/index.html')
  return modified('node_modules/.package-lock.json') > built || newest('src/desktop') > built
}

/** Built beside its place and then swapped in, so that a running server never serves half a desk. */
async function buildDesk() {
  const fresh = path.join(root, 'dist/desk.new')
  const place = path.join(root, 'dist/desk')
  await withProgress('Building the agent desk', () =>
    run(nodeBinary(), [
      path.join(root, 'node_modules/vite/bin/vite.js'),
      'build',
      'src/desktop',
      '--outDir',
      fresh,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ]),
  )
  fs.rmSync(place, { recursive: true, force: true })
  fs.renameSync(fresh, place)
}

function modified(file) {
  const stat = fs.statSync(path.join(root, file), { throwIfNoEntry: false })
  return stat ? stat.mtimeMs : 0
}

function newest(folder) {
  let time = 0
  for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = path.join(folder, entry.name)
    time = Math.max(time, modified(name), entry.isDirectory() ? newest(name) : 0)
  }
  return time
}

async function withProgress(what, work) {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  say(`${what} ...`)
  const ticker = setInterval(() => say(`${what} ... ${seconds()} s`), 5000)
  try {
    await work()
  } catch (error) {
    throw new NotReady(`${what} failed: ${error.message}`)
  } finally {
    clearInterval(ticker)
  }
  say(`${what}: done in ${seconds()} s.`)
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const windows = process.platform === 'win32' && command === 'npm'
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell: windows })
    const stop = (signal) => child.kill(signal)
    process.once('SIGTERM', stop).once('SIGINT', stop)
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      process.removeListener('SIGTERM', stop).removeListener('SIGINT', stop)
      if (code === 0) resolve()
      else reject(new Error(`${path.basename(command)} ended with ${signal || `exit code ${code}`}`))
    })
  })
}

/** Waits until no other run is at work here. Returns how to let the next one in. */
async function takeTurn() {
  const folder = path.join(root, '.cache')
  const turn = path.join(folder, 'prepare.pid')
  const mine = path.join(folder, `prepare.${process.pid}`)
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(mine, String(process.pid))
  try {
    for (let told = false; !linked(mine, turn); told = true) {
      const holder = holderOf(turn)
      if (holder === undefined) {
        fs.rmSync(turn, { force: true })
        continue
      }
      if (!told) say(`Waiting for process ${holder}, which is preparing this folder ...`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  } finally {
    fs.rmSync(mine, { force: true })
  }
  return () => fs.rmSync(turn, { force: true })
}

/** A link appears with its content, so nobody reads a half-written process id. */
function linked(from, to) {
  try {
    fs.linkSync(from, to)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** The process that holds the turn; undefined when it has died. */
function holderOf(turn) {
  try {
    const pid = Number(fs.readFileSync(turn, 'utf8'))
    if (Date.now() - fs.statSync(turn).mtimeMs > TURN_LOST_MS) return undefined
    process.kill(pid, 0)
    return pid
  } catch (error) {
    return error.code === 'EPERM' ? 'of another user' : undefined
  }
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  prepare({ desk: process.argv.includes('desk') }).catch((error) => {
    say(error instanceof NotReady ? error.message : error.stack)
    process.exitCode = 1
  })
}

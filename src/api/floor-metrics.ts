import type { Cancel, Clock } from '../clock/clock.ts'
import type { Floor } from '../runtime/floor.ts'
import { startHeartbeat } from './live/heartbeat.ts'
import { Histogram, type Metric } from './metrics.ts'

const LAG_SAMPLE_MS = 500
/** Seconds: a packet of audio, a syllable, what people begin to notice (200 ms), and what they call a dead line. */
const GAP_STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

/** Figures of the floor and of the process. */
export class FloorMetrics {
  readonly #floor: Floor
  readonly #outcomes = new Map<string, number>()
  readonly #offers = new Map<string, number>()
  readonly #gaps = new Histogram(GAP_STEPS)
  readonly #stop: readonly Cancel[]
  #longestLagMs = 0

  constructor(floor: Floor, clock: Clock) {
    this.#floor = floor
    let due = clock.now() + LAG_SAMPLE_MS
    this.#stop = [
      floor.subscribe(
        (event) => {
          if (event.type === 'contact.ended')
            increment(this.#outcomes, event.interaction.outcome ?? 'unknown')
          if (event.type === 'offer.ended') increment(this.#offers, event.outcome)
          if (event.type === 'contact.connected') this.#gaps.add(event.gapMs / 1000)
        },
        () => false,
      ),
      startHeartbeat(clock, LAG_SAMPLE_MS, () => {
        this.#longestLagMs = Math.max(this.#longestLagMs, clock.now() - due)
        due = clock.now() + LAG_SAMPLE_MS
      }),
    ]
  }

  stop(): void {
    for (const stop of this.#stop) stop()
  }

  /** @param readers how many read live events */
  read(readers: number): Metric[] {
    const contacts = Map.groupBy(this.#floor.contacts(), ({ state }) => state)
    const agents = Map.groupBy(this.#floor.agents(), ({ presence, slot }) => `${presence} ${slot}`)
    const queues = this.#floor.queues()
    const { user, system } = process.cpuUsage()
    const longestLagMs = this.#longestLagMs
    this.#longestLagMs = 0
    return [
      counter(
        'switchroom_contacts_ended_total',
        'Contacts that are over, by outcome.',
        'outcome',
        this.#outcomes,
      ),
      counter('switchroom_offers_ended_total', 'Offers that are over, by outcome.', 'outcome', this.#offers),
      this.#gaps.metric(
        'switchroom_answer_to_audio_seconds',
        'From the answer of an agent until caller and agent hear each other.',
      ),
      {
        name: 'switchroom_contacts',
        type: 'gauge',
        help: 'Contacts that are going on, by state.',
        samples: [...contacts].map(([state, { length }]) => ({ labels: { state }, value: length })),
      },
      {
        name: 'switchroom_agents',
        type: 'gauge',
        help: 'Agents by presence and slot.',
        samples: [...agents].map(([key, { length }]) => {
          const [presence = '', slot = ''] = key.split(' ')
          return { labels: { presence, slot }, value: length }
        }),
      },
      {
        name: 'switchroom_queue_waiting',
        type: 'gauge',
        help: 'Contacts that wait.',
        samples: queues.map(({ queue, waiting }) => ({ labels: { queue }, value: waiting })),
      },
      {
        name: 'switchroom_queue_longest_wait_seconds',
        type: 'gauge',
        help: 'Wait of the contact that has waited longest.',
        samples: queues.map(({ queue, longestWaitMs }) => ({
          labels: { queue },
          value: longestWaitMs / 1000,
        })),
      },
      single('switchroom_event_readers', 'gauge', 'Open streams of live events.', readers),
      single('process_cpu_seconds_total', 'counter', 'CPU time used.', (user + system) / 1e6),
      single('process_resident_memory_bytes', 'gauge', 'Resident memory.', process.memoryUsage.rss()),
      single(
        'switchroom_event_loop_lag_seconds',
        'gauge',
        'Longest delay of a timer since the last scrape.',
        longestLagMs / 1000,
      ),
    ]
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function counter(name: string, help: string, label: string, counts: ReadonlyMap<string, number>): Metric {
  const samples = [...counts].map(([key, value]) => ({ labels: { [label]: key }, value }))
  return { name, type: 'counter', help, samples }
}

function single(name: string, type: Metric['type'], help: string, value: number): Metric {
  return { name, type, help, samples: [{ value }] }
}

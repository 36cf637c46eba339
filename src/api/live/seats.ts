import type { SessionUser } from '../contract/index.ts'

/** Where somebody has their desk open. */
export interface Seat {
  readonly user: SessionUser
  readonly token: string
  readonly program: Program
  /** Address that the desk is connected from. */
  readonly place: string
  /** Milliseconds since 1970. */
  readonly since: number
  /** Tells the desk that its person works elsewhere now, and closes it. */
  readonly takenOver: (place: string) => void
}

/** A person may have one of each: the desk, and a program that is the phone. */
export type Program = 'desk' | 'phone'

/** Who has a desk open, and where: a second sign-in asks. Only what is connected counts; a lost desk is in nobody's way. */
export class Seats {
  readonly #seats = new Set<Seat>()

  /** @returns how to leave it */
  take(seat: Seat): () => void {
    this.#seats.add(seat)
    return () => this.#seats.delete(seat)
  }

  /** The first that the person has open in such a program. */
  of(user: string, program: Program): Seat | undefined {
    return [...this.#seats].find((seat) => seat.user.id === user && seat.program === program)
  }

  /**
   * The person works at another place from now on.
   * @returns the tokens of the sessions that are over by that
   */
  takeOver(user: string, program: Program, place: string): readonly string[] {
    const earlier = [...this.#seats].filter((seat) => seat.user.id === user && seat.program === program)
    for (const seat of earlier) {
      this.#seats.delete(seat)
      seat.takenOver(place)
    }
    return [...new Set(earlier.map(({ token }) => token))]
  }
}

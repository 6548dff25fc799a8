import type { Clock } from '../../src/core/ports.ts'

/** A clock that a test moves: wall time and running time apart, as a jump of the wall clock is no running time. */
export class MovableClock implements Clock {
  #wall = 0
  #running = 0

  now(): number {
    return Date.now() + this.#wall
  }

  monotonic(): number {
    return performance.now() + this.#running
  }

  /** Time passes: every clock shows it. */
  pass(milliseconds: number): void {
    this.#wall += milliseconds
    this.#running += milliseconds
  }

  /** Only the wall clock jumps. */
  jump(milliseconds: number): void {
    this.#wall += milliseconds
  }

  /** How far the wall clock is from the machine's. */
  get skew(): number {
    return this.#wall
  }
}

import type { SlowJobs } from '../../core/ports.ts'

export type JobName = keyof SlowJobs
export type JobInput = SlowJobs[JobName]['input']

/** Jobs that a thread is sent at most, with the one that it does. */
export const sentMax = 8

/** What the worker is sent; it does one after the other, so an answer needs no number. */
export interface JobMessage {
  readonly name: JobName
  readonly input: JobInput
}

export type JobOutput = SlowJobs[JobName]['output']

/** Of the next jobs, in the order in which they were sent. */
export interface JobAnswers {
  readonly outputs: readonly JobOutput[]
}

/** A small view may lie in a large pool, and a message takes all of the memory that a view lies in. */
const own = (value: unknown): unknown =>
  value instanceof Uint8Array && value.byteLength !== value.buffer.byteLength ? new Uint8Array(value) : value

/** The same value, its arrays in memory of their own. */
export const ownMemory = <V>(value: V): V => {
  if (value instanceof Uint8Array) return own(value) as V
  if (Object.getPrototypeOf(value ?? 0) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value as object).map(([name, member]) => [name, ownMemory(member)])) as V
}

import type { SlowJobs } from '../../core/ports.ts'

export type JobName = keyof SlowJobs
export type JobInput = SlowJobs[JobName]['input']

/** What the worker is sent; it runs one job at a time, so an answer needs no number. */
export interface JobMessage {
  readonly name: JobName
  readonly input: JobInput
}

export interface JobAnswer {
  readonly output: SlowJobs[JobName]['output']
}

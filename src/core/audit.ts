/** What is recorded of a call. Never plaintext, material, secrets or request bodies: only these members exist. */
import type { Instant } from './object.ts'

export interface AuditObject {
  readonly kind: string
  readonly id: string
  readonly version?: number
}

export interface AuditEntry {
  /** The request id that the caller was given. */
  readonly request: string
  readonly at: Instant
  readonly dialect: string
  /** The action in the dialect's own word, or the core operation's name for the system's own work. */
  readonly action: string
  readonly region: string
  readonly account: string
  readonly principal: string
  /** The access key's id; empty for the system. */
  readonly credential: string
  /** Source address. */
  readonly source: string
  readonly objects: readonly AuditObject[]
  /** `unknown`: the answer of a commit was lost, the change may be there. `failed`: a defect or a fault on our side. */
  readonly outcome: 'success' | 'refused' | 'unknown' | 'failed'
  /** The Failure's reason where refused. */
  readonly reason?: string
  /** Of a summary: how many calls it stands for. */
  readonly count?: number
}

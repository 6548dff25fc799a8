/** The record of all nodes, for whoever looks after the installation. */
import type { AuditCriteria } from '../audit.ts'
import { look } from '../operation.ts'
import { whole } from './target.ts'

export interface AuditSearch {
  readonly criteria: AuditCriteria
  /** Entries. */
  readonly limit: number
}

export const searchRecord = look({
  name: 'searchRecord',
  summary: 'Find entries of the record, those of other nodes among them, and tell how far they were looked for.',
  rights: { all: 'administer' },
  targets: (_request: AuditSearch) => whole,
  run: ({ house }, { criteria, limit }) => house.record.search(criteria, limit),
})

/** Backups, and what a restored installation has to make good before it answers anybody. */
import { look } from '../operation.ts'
import { whole } from './target.ts'

export const exportRows = look({
  name: 'exportRows',
  summary: 'Give out every row of this moment, material wrapped as it is.',
  rights: { all: 'administer' },
  targets: (_request: Record<string, never>) => whole,
  run: ({ house }) => house.dump(),
})

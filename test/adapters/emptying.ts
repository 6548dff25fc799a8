/** How a test takes everything out of a database that is open. */
import { tables } from '../../src/adapters/sql/schema.ts'

/** Children before their parents. */
const all = [
  ...['observed', 'outbox', 'name', 'tombstone', 'tag', 'key_grant', 'usage', 'duty', 'installation', 'change'],
  ...Object.values(tables).toReversed(),
  ...['vacancy', 'material'],
]

/** Every view is further behind afterwards than the list of changes reaches back. */
export const emptyingSql: readonly string[] = [
  ...all.map((table) => `delete from "${table}"`),
  'update barrier set epoch = epoch + 100000',
]

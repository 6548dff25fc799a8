/** Planned destructions of a database that was restored. */
import type { Instant } from '../../core/object.ts'
import { type Database, objects, objectTable } from './schema.ts'

/**
 * What would be destroyed before `until` is destroyed then. A backup has the plans of its moment: one that was cancelled
 * since is back, its date may have passed, and what is past its date nobody can cancel. None of it can be used meanwhile.
 */
export const postponeDestructions = async (db: Database, until: Instant): Promise<void> => {
  for (const kind of ['key', 'dataKey'] as const)
    await objects(db)
      .updateTable(objectTable(kind))
      .set({ destroy_at: until })
      .where('destroy_at', '<', until)
      .execute()
  await db.updateTable('name').set({ until }).where('until', '<', until).execute()
}

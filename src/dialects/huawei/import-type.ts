/**
 * import_type is our own: the cloud rotates a key to material that was imported beforehand, and does not say by which
 * member such an import is told from the one that an enabled key refuses.
 */
import { choice } from '../../contract/fields.ts'

export const importType = choice(['EXISTING_KEY_MATERIAL', 'NEW_KEY_MATERIAL'])
  .describe('NEW_KEY_MATERIAL: of an enabled symmetric key, for rotate-on-demand. A member of our own.')
  .optional()

export const isForNext = (members: unknown): boolean =>
  typeof members === 'object' &&
  members !== null &&
  'import_type' in members &&
  members.import_type === 'NEW_KEY_MATERIAL'

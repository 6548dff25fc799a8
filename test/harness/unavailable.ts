/** A server that answers nobody for a while. */
import type { NotServing } from '../../src/core/failure.ts'
import type { TestKeystead } from './keystead.ts'

export const turnedAway = async <T>(
  keystead: TestKeystead,
  why: NotServing,
  meanwhile: () => Promise<T>,
): Promise<T> => {
  const installation = keystead.running.installation as { unavailable(): NotServing | undefined }
  const { unavailable } = installation
  installation.unavailable = () => why
  try {
    return await meanwhile()
  } finally {
    installation.unavailable = unavailable
  }
}

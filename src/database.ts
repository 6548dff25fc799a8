/** Which database an installation has: the file in its data folder, or a server that several nodes share. */
import { databasePath, nodeId } from './adapters/data-folder/folder.ts'
import type { DatabaseWentBack } from './adapters/sql/errors.ts'
import type { OpenDatabase } from './adapters/sql/open-database.ts'
import { openSqlite } from './adapters/sql/sqlite/open.ts'
import type { Settings } from './config.ts'
import type { Clock } from './core/ports.ts'

export interface DatabaseNeeds {
  readonly clock: Clock
  readonly databaseClockSkew: () => number
  /** The generation of the root key that this process holds. */
  rootGeneration(): number
  onWentBack(error: DatabaseWentBack): void
}

export const openDatabase = async (settings: Settings, needs: DatabaseNeeds): Promise<OpenDatabase> => {
  const { data, database: url, cacheRows, init: create, lease, worker } = settings
  const { clock, databaseClockSkew, rootGeneration, onWentBack } = needs
  if (url === undefined) {
    const node = worker === undefined ? '' : String(worker.number)
    const alone = worker === undefined
    return openSqlite({ path: databasePath(data), create, alone, node, cacheRows, databaseClockSkew })
  }
  // Loaded only where it is used: a server with a database of its own starts without the driver.
  const { openPostgres } = await import('./adapters/sql/postgres/open.ts')
  const id = nodeId(data)
  const node = worker === undefined ? id : `${id}/${worker.number}`
  const leaseMs = lease * 1_000
  return openPostgres({ url, create, cacheRows, node, leaseMs, clock, databaseClockSkew, rootGeneration, onWentBack })
}

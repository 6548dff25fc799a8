/** Which database an installation has: the file in its data folder, or a server that several nodes share. */
import { databasePath, nodeId } from './adapters/data-folder/folder.ts'
import type { DatabaseWentBack } from './adapters/sql/errors.ts'
import type { OpenDatabase } from './adapters/sql/open-database.ts'
import { openSqlite } from './adapters/sql/sqlite/open.ts'
import type { Settings } from './config.ts'
import type { Clock, RootGeneration } from './core/ports.ts'

export interface DatabaseNeeds {
  readonly clock: Clock
  readonly databaseClockSkew: () => number
  /** The generation of the root key that this process seals with; absent while it is sealed. */
  rootGeneration(): RootGeneration | undefined
  onWentBack(error: DatabaseWentBack): void
  /** What works, and could work better. */
  onRemark(remark: Error): void
}

export const openDatabase = async (settings: Settings, needs: DatabaseNeeds): Promise<OpenDatabase> => {
  const { data, database: url, cacheRows, init: create, lease, worker } = settings
  const { clock, databaseClockSkew, rootGeneration, onWentBack, onRemark } = needs
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
  const shared = { url, create, cacheRows, node, leaseMs }
  return openPostgres({ ...shared, clock, databaseClockSkew, rootGeneration, onWentBack, onRemark })
}

/** There is no database at the path, or the file there holds none. */
export class DatabaseMissing extends Error {
  override readonly name = 'DatabaseMissing'
}

/** A newer program wrote this database, and said that this one is too old to run on it. */
export class DatabaseTooNew extends Error {
  override readonly name = 'DatabaseTooNew'
}

/** The database is older than what this process has already seen of it: another one, or a restored backup. */
export class DatabaseWentBack extends Error {
  override readonly name = 'DatabaseWentBack'
}

/** The database server may lose what it acknowledges, or is too old; the message says what. */
export class DatabaseUnfit extends Error {
  override readonly name = 'DatabaseUnfit'
}

/** The database cannot be asked now, or not in time. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway'
}

/** SQLSTATE class 40: the engine undid the whole transaction because of another one; it may be done again. */
export const wasRolledBack = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && /^40/.test(String(cause.code))

/** The connection ended before the question was answered; a question that changes nothing may be asked again. */
export const wasCutOff = (cause: unknown): boolean =>
  cause instanceof Error &&
  (/^Connection terminated/.test(cause.message) || ('code' in cause && /^(08|57P|ECONNRE)/.test(String(cause.code))))

/** The database already holds an installation. */
export class AlreadyInitialised extends Error {
  override readonly name = 'AlreadyInitialised'
}

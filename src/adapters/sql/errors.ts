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

/** The database already holds an installation. */
export class AlreadyInitialised extends Error {
  override readonly name = 'AlreadyInitialised'
}

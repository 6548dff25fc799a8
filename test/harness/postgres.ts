/** Databases of the server that the tests share. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

export interface TestDatabase {
  readonly url: string
  /** What a stranger does to the database. */
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>
  drop(): Promise<void>
}

const over = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** An empty database of its own, on the server at `server` or the one that all tests share. */
export const newDatabase = async (server = inject('postgresUrl')): Promise<TestDatabase> => {
  const name = `keystead_${randomUUID().replaceAll('-', '')}`
  await over(server, (client) => client.query(`create database ${name}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    query: (text, values = []) => over(url.href, async (client) => (await client.query(text, [...values])).rows),
    drop: () => over(server, (client) => client.query(`drop database ${name} with (force)`)).then(() => undefined),
  }
}

/** The record of several nodes, as the operator of one of them finds it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Members, signedCall } from '../harness/keystead.ts'
import { newDatabase, type TestDatabase } from '../harness/postgres.ts'
import { keystead } from '../server/child.ts'
import { Cluster, type Node } from './cluster.ts'

const dayMs = 86_400_000

describe('a node', () => {
  let database: TestDatabase
  let cluster: Cluster
  let [here, there] = [{} as Node, {} as Node]
  beforeAll(async () => {
    database = await newDatabase()
    cluster = await Cluster.start({ nodes: 2, leaseSeconds: 1, url: database.url })
    ;[here, there] = cluster.nodes as [Node, Node]
  })
  afterAll(async () => {
    await cluster.end()
    await database.drop()
  })

  const call = async (node: Node, action: string, members: Members = {}): Promise<Members> => {
    const now = Math.floor((Date.now() + node.ahead) / 1000)
    const { response, code } = await signedCall(node.endpoint, cluster.credentials.tencent, now, action, members)
    expect(code).toBeUndefined()
    return response
  }
  const search = async (...args: string[]) => {
    const { code, stdout, stderr } = await keystead(['audit', 'search', '--data', here.data, '--json', ...args]).exited
    expect(code).toBe(0)
    const found = stdout.split('\n').filter(Boolean)
    return { requests: found.map((line) => JSON.parse(line).request), told: stderr }
  }
  const nodeOf = ({ data }: Node) => readFileSync(join(data, 'node.id'), 'utf8').trim()
  const lineOf = (told: string, node: Node) => told.split('\n').find((line) => line.includes(nodeOf(node))) ?? ''

  test('finds what another one recorded once that part is closed, says how far, and goes on where the other is gone', async () => {
    const { KeyId, RequestId: created } = await call(there, 'CreateKey', { Alias: 'watched' })
    const { RequestId: own } = await call(here, 'DescribeKey', { KeyId })
    await cluster.index(there)
    const before = await search('--all-nodes', '--key', KeyId)
    expect(before.requests).toEqual([own])
    expect(lineOf(before.told, here)).toMatch(/audit: all of it$/)
    expect(lineOf(before.told, there)).toMatch(/audit: nothing of it; the rest is at that node$/)

    cluster.jump(there, dayMs)
    const { RequestId: open } = await call(there, 'DescribeKey', { KeyId })
    await cluster.index(there)
    const after = await search('--all-nodes', '--key', KeyId)
    expect(after.requests).toEqual([created, own])
    expect(lineOf(after.told, there)).toMatch(/audit: from \S+Z up to \S+Z; the rest is at that node$/)
    expect((await search('--all-nodes', '--request', created)).requests).toEqual([created])
    expect((await search('--all-nodes', '--request', open)).requests).toEqual([])
    const local = await search('--request', created)
    expect([local.requests, local.told]).toEqual([[], expect.stringContaining('--all-nodes asks for')])

    await cluster.kill(there)
    // A change waits for every node; the next one goes on without the one that was silent for all of a lease.
    await call(here, 'DisableKey', { KeyId })
    await call(here, 'EnableKey', { KeyId })
    const gone = await search('--all-nodes', '--key', KeyId, '--action', 'CreateKey')
    expect(gone.requests).toEqual([created])
    expect(lineOf(gone.told, there)).toMatch(/audit: from \S+Z up to \S+Z; THAT NODE IS SILENT$/)
  })
})

import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../src/core/audit.ts'
import { noContext } from '../../src/core/context.ts'
import { refuse } from '../../src/core/failure.ts'
import type { Key } from '../../src/core/object.ts'
import { change, look, use } from '../../src/core/operation.ts'
import { rename } from '../../src/core/operations/attributes.ts'
import { create } from '../../src/core/operations/create.ts'
import { encrypt } from '../../src/core/operations/cryptography.ts'
import { describe as describeKeys } from '../../src/core/operations/describe.ts'
import { prepareImport } from '../../src/core/operations/import-ticket.ts'
import { resume, scheduleDestruction, suspend } from '../../src/core/operations/lifecycle.ts'
import { keyTarget } from '../../src/core/operations/target.ts'
import { UnknownOutcome } from '../../src/core/ports.ts'
import { account, createRequest, openHouse, statement, type TestHouse } from './house.ts'

const plaintext = new Uint8Array(4)
const encryptOf = ({ id }: Key) => ({ keyId: id, plaintext, context: noContext })
const outcomes = ({ journal }: TestHouse) => journal.entries.map(({ outcome }) => outcome)
const renameOf = ({ id }: Key, name = 'renamed') => ({ keyId: id, name })

const start = async (over: Partial<Key> = {}) => {
  const house = openHouse()
  const key = await house.key(over)
  house.journal.entries.length = 0
  house.coherence.settled.length = 0
  return { house, key }
}

describe('a refusal rests on fresh rows', () => {
  test('a remembered row that would refuse, and is fine by now, is loaded again and does not', async () => {
    const { house, key } = await start()
    house.coherence.remember({ ...key, suspended: true })
    await house.ok(encrypt, encryptOf(key))
    expect(house.coherence.reloaded).toContain(`key/${key.id}`)
    expect(outcomes(house)).toEqual(['success'])
  })

  test('also one that says that the key is gone: a cancelled destruction is not waited for', async () => {
    const { house, key } = await start()
    house.coherence.remember({ ...key, destroyAt: house.clock.now() - 1 })
    await house.ok(encrypt, encryptOf(key))
  })

  test('also a remembered policy, and one that is missing only in memory', async () => {
    const { house, key } = await start()
    const caller = house.principal([statement('allow', ['encrypt'])])
    const [id = ''] = caller.principal.policies
    const policy = house.store.get('policy', id)!
    house.coherence.remember({ ...policy, document: JSON.stringify(statement('deny', ['encrypt'])) })
    await house.ok(encrypt, encryptOf(key), { caller })
  })

  test('and a row that refuses in the store refuses, reloaded once', async () => {
    const { house, key } = await start({ suspended: true })
    expect(await house.refused(encrypt, encryptOf(key))).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'suspended' },
    ])
    expect(house.coherence.reloaded.filter((name) => name === `key/${key.id}`)).toHaveLength(1)
  })

  test('what is allowed costs no second look', async () => {
    const { house, key } = await start()
    await house.ok(encrypt, encryptOf(key))
    expect(house.coherence.reloaded).toEqual([])
  })
})

describe('every reason to refuse is told, not the first', () => {
  test('right, usage, origin and state of one key', async () => {
    const { house, key } = await start({ suspended: true })
    const strict = use({
      name: 'strict',
      summary: 'For this test.',
      rights: { key: 'encrypt' },
      targets: ({ keyId }: { keyId: string }) => ({
        key: keyTarget(keyId, { usage: 'sign' as never, origin: 'imported', states: ['active'] }),
      }),
      run: () => {
        throw new Error('it must not run')
      },
    })
    const caller = house.principal([])
    expect(await house.refused(strict, { keyId: key.id }, { caller })).toEqual([
      { reason: 'permissionDenied' },
      { reason: 'incompatibleCryptographicUsageMask', usage: 'encryptDecrypt', family: 'symmetric' },
      { reason: 'notImported' },
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'suspended' },
    ])
  })

  test("an action's own narrower states refuse what the operation would do", async () => {
    const { house, key } = await start()
    expect(await house.refused(suspend, { keyIds: [key.id] }, { narrow: { keys: [] } })).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'active' },
    ])
  })

  test('and never adds one', async () => {
    const { house, key } = await start({ deactivated: true })
    const narrow = { keys: ['deactivated'] as never[] }
    expect(await house.refused(suspend, { keyIds: [key.id] }, { narrow })).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'deactivated' },
    ])
  })
})

describe('a change that others overtake', () => {
  test.each([1, 2, 3])('%i times is decided again and done once', async (times) => {
    const { house, key } = await start()
    for (let n = 0; n < times; n++) house.store.faults.push('overtaken')
    await house.ok(suspend, { keyIds: [key.id] })
    expect(house.store.get('key', key.id)).toMatchObject({ suspended: true, revision: 2 })
    expect(outcomes(house)).toEqual(['success'])
  })

  test('four times is refused as a conflict, recorded and changes nothing', async () => {
    const { house, key } = await start()
    for (let n = 0; n < 4; n++) house.store.faults.push('overtaken')
    expect(await house.refused(suspend, { keyIds: [key.id] })).toEqual([{ reason: 'conflict' }])
    expect(house.store.get('key', key.id)).toEqual(key)
    expect(house.journal.entries).toMatchObject([{ outcome: 'refused', reason: 'conflict' }])
    expect(house.store.faults).toEqual([])
  })

  test('decides on the new row: what is no longer allowed is refused', async () => {
    const { house, key } = await start()
    house.store.meanwhile = () => house.store.set({ ...key, deactivated: true, revision: 2 })
    expect(await house.refused(suspend, { keyIds: [key.id] })).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'deactivated' },
    ])
    expect(house.store.get('key', key.id)).toEqual({ ...key, deactivated: true, revision: 2 })
  })

  test('finds its right gone with the policy that gave it', async () => {
    const { house, key } = await start()
    const caller = house.principal([statement('allow', ['suspend'])])
    const policy = house.store.get('policy', caller.principal.policies[0]!)!
    house.store.meanwhile = () => {
      house.store.set({ ...policy, document: JSON.stringify(statement('deny', ['suspend'])) })
      house.store.set({ ...key, name: 'else', revision: 2 })
    }
    expect(await house.refused(suspend, { keyIds: [key.id] }, { caller })).toEqual([{ reason: 'permissionDenied' }])
  })

  test('does its slow work once', async () => {
    const { house, key } = await start()
    let prepared = 0
    const slow = change({
      name: 'slow',
      rights: { key: 'rename' as const },
      summary: 'For this test.',
      targets: ({ keyId }: { keyId: string }) => ({ key: keyTarget(keyId) }),
      prepare: () => ++prepared,
      decide: ({ at }, _request, made) => ({
        result: made,
        effects: [{ put: { ...at.key.key, name: `made ${made}` }, over: at.key.key }],
      }),
    })
    house.store.faults.push('overtaken', 'overtaken')
    expect(await house.ok(slow, { keyId: key.id })).toBe(1)
    expect(prepared).toBe(1)
  })
})

describe('what cannot be recorded is not answered', () => {
  test('a use', async () => {
    const { house, key } = await start()
    house.journal.failing = 2
    await expect(house.ask(encrypt, encryptOf(key))).rejects.toThrow('the disk is full')
  })

  test('a list', async () => {
    const { house } = await start()
    house.journal.failing = 2
    await expect(house.ask(describeKeys, { keyIds: [] })).rejects.toThrow('the disk is full')
  })

  test('a refusal', async () => {
    const { house, key } = await start({ suspended: true })
    house.journal.failing = 2
    await expect(house.ask(encrypt, encryptOf(key))).rejects.toThrow('the disk is full')
  })

  test('a change, whose record waits in the outbox for the journal', async () => {
    const { house, key } = await start()
    house.journal.failing = 2
    await expect(house.ask(suspend, { keyIds: [key.id] })).rejects.toThrow('cannot be answered')
    expect([...house.store.outbox.values()]).toMatchObject([{ action: 'suspend', outcome: 'success' }])
    expect(house.coherence.settled).toEqual([])
  })

  test('a change, and it is not recorded as failed, because it was made', async () => {
    const { house, key } = await start()
    house.journal.failing = 1
    await expect(house.ask(suspend, { keyIds: [key.id] })).rejects.toMatchObject({ cause: Error('the disk is full') })
    // A line with this request id would tell the next start that the entry in the outbox was written already.
    expect(house.journal.entries).toEqual([])
    expect([...house.store.outbox.values()]).toMatchObject([{ action: 'suspend', outcome: 'success' }])
  })

  test('and once recorded, it leaves the outbox', async () => {
    const { house, key } = await start()
    await house.ok(suspend, { keyIds: [key.id] })
    expect(house.store.outbox.size).toBe(0)
    expect(house.journal.entries).toMatchObject([{ action: 'suspend', outcome: 'success' }])
  })
})

describe('a commit whose answer is lost', () => {
  const operations = [
    ['suspend', suspend, (key: Key) => ({ keyIds: [key.id] })],
    ['rename', rename, renameOf],
    ['scheduleDestruction', scheduleDestruction, ({ id }: Key) => ({ keyId: id, days: 7 })],
    ['prepareImport', prepareImport, ({ id }: Key) => ({ keyId: id, padding: 'pkcs1' })],
    ['create', create, () => createRequest({ name: 'new' })],
  ] as const

  for (const fault of ['lost', 'kept'] as const)
    test.each(operations)(`${fault}: %s is rejected, recorded as unknown, and not tried again`, async (...row) => {
      const [, operation, requestOf] = row
      const { house, key } = await start({ origin: 'imported' })
      const before = house.store.tables
      const commits = house.store.commits.length
      house.store.faults.push(fault)
      const asked = house.ask(operation as typeof rename, requestOf(key) as { keyId: string; name: string })
      await expect(asked).rejects.toThrow(UnknownOutcome)
      expect(house.store.commits).toHaveLength(commits + 1)
      expect(house.store.tables === before).toBe(fault === 'lost')
      expect(house.journal.entries).toMatchObject([{ action: operation.name, outcome: 'unknown' }])
      expect(house.coherence.settled).toEqual([])
    })

  test('is still rejected where the journal fails too', async () => {
    const { house, key } = await start()
    house.store.faults.push('kept')
    house.journal.failing = 9
    await expect(house.ask(rename, renameOf(key))).rejects.toThrow()
    expect(house.journal.entries).toEqual([])
  })
})

describe('a defect', () => {
  test('of the store is recorded as failed, and what it said is in no record', async () => {
    const { house, key } = await start()
    house.store.faults.push(new Error('SQLITE_CORRUPT at /var/secret'))
    await expect(house.ask(rename, renameOf(key))).rejects.toThrow('SQLITE_CORRUPT')
    expect(house.journal.entries).toMatchObject([{ action: 'rename', outcome: 'failed', objects: [] }])
    expect(house.journal.last).not.toHaveProperty('reason')
    expect(JSON.stringify(house.journal.entries)).not.toContain('CORRUPT')
  })

  test.each(['use', 'look', 'change'] as const)('of a %s operation is recorded as failed', async (mode) => {
    const { house } = await start()
    const parts = { name: mode, rights: {}, summary: 'For this test.', targets: () => ({}) }
    const fail = (): never => {
      throw new Error('a defect')
    }
    const operation = {
      use: use({ ...parts, run: fail }),
      look: look({ ...parts, run: fail }),
      change: change({ ...parts, prepare: fail, decide: fail }),
    }[mode]
    await expect(house.ask(operation as ReturnType<typeof use>, {})).rejects.toThrow('a defect')
    expect(house.journal.entries).toMatchObject([{ action: mode, outcome: 'failed' }])
  })

  test('is told as itself where it cannot be recorded either', async () => {
    const { house, key } = await start()
    house.store.faults.push(new Error('the first fault'))
    house.journal.failing = 1
    await expect(house.ask(rename, renameOf(key))).rejects.toThrow('the first fault')
  })
})

test('a full queue is a refusal that says to come back, recorded as one', async () => {
  const { house, key } = await start({ origin: 'imported' })
  const full = { take: () => house.slow.run('generatePair', { algorithm: 'rsa-2048' }) }
  house.slow.full = true
  Object.assign(house, { pairs: full })
  expect(await house.refused(prepareImport, { keyId: key.id, padding: 'pkcs1' })).toEqual([{ reason: 'serverBusy' }])
  expect(house.journal.entries).toMatchObject([{ outcome: 'refused', reason: 'serverBusy' }])
})

describe('the barrier', () => {
  test('is waited for at the epoch of the change, before the answer', async () => {
    const { house, key } = await start()
    await house.ok(suspend, { keyIds: [key.id] })
    expect(house.coherence.settled).toEqual([house.store.epoch])
  })

  test('is waited for also when there was nothing to change', async () => {
    const { house, key } = await start({ suspended: true })
    await house.ok(suspend, { keyIds: [key.id] })
    expect(house.coherence.settled).toEqual([undefined])
  })

  test('is not asked by what changes nothing', async () => {
    const { house, key } = await start()
    await house.ok(encrypt, encryptOf(key))
    await house.ok(describeKeys, { keyIds: [key.id] })
    expect(house.coherence.settled).toEqual([])
  })

  test('that cannot be waited for leaves the call unanswered, and its one record stands', async () => {
    const { house, key } = await start()
    house.coherence.settle = () => Promise.reject(new Error('a node does not answer'))
    const asked = house.ask(suspend, { keyIds: [key.id] })
    await expect(asked).rejects.toMatchObject({ cause: Error('a node does not answer') })
    expect(outcomes(house)).toEqual(['success'])
  })
})

describe('a refusal that must leave a mark', () => {
  const counting = change({
    name: 'counting',
    rights: { key: 'rename' as const },
    summary: 'For this test.',
    targets: ({ keyId }: { keyId: string }) => ({ key: keyTarget(keyId) }),
    prepare: () => {},
    decide: ({ at }) => ({
      refusal: refuse({ reason: 'keyUnwrapFailure' }),
      effects: [{ put: { ...at.key.key, description: 'marked' }, over: at.key.key }],
    }),
  })

  test('commits its effects, is recorded as refused, and settles', async () => {
    const { house, key } = await start()
    expect(await house.refused(counting, { keyId: key.id })).toEqual([{ reason: 'keyUnwrapFailure' }])
    expect(house.store.get('key', key.id)?.description).toBe('marked')
    expect(house.journal.entries).toMatchObject([{ outcome: 'refused', reason: 'keyUnwrapFailure' }])
    expect(house.store.outbox.size).toBe(0)
    expect(house.coherence.settled).toEqual([house.store.epoch])
  })
})

test('the record of a call says who, from where, by which key, what, on what and how it ended', async () => {
  const { house, key } = await start({ suspended: true })
  const caller = house.principal([statement('allow', ['resume', 'encrypt'])])
  const common: Partial<AuditEntry> = {
    dialect: 'tencent',
    region: 'guangzhou',
    account,
    principal: 'alice',
    credential: 'AKIDroot',
    source: '192.0.2.1',
    request: caller.request,
    at: expect.any(Number),
    objects: [{ kind: 'key', id: key.id, version: 1 }],
  }
  await house.refused(encrypt, encryptOf(key), { caller })
  await house.ok(resume, { keyIds: [key.id] }, { caller })
  expect(house.journal.entries).toEqual([
    { ...common, action: 'encrypt', outcome: 'refused', reason: 'wrongKeyLifecycleState' },
    { ...common, action: 'resume', outcome: 'success' },
  ])
})

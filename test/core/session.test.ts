import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/core/access/caller.ts'
import { presentedSession } from '../../src/core/access/session.ts'
import type { Principal } from '../../src/core/object.ts'
import {
  changeCredential,
  createCredential,
  listCredentials,
  setPassword,
} from '../../src/core/operations/administer.ts'
import { delegate, type Issued, inspectSession } from '../../src/core/operations/session.ts'
import { openHouse, statement, type TestHouse } from './house.ts'

const hour = 3600
const newKey = (principal: string) => ({ principal, dialect: 'tencent', description: '', id: 'AKIDnew', secret: 'x' })

/** A user of a house, whose row is in the store. */
const newUser = (house: TestHouse, ...policies: object[]): Caller => {
  const caller = house.principal(policies)
  house.store.set(caller.principal)
  const { credential: _none, ...rest } = caller
  return { ...rest, credential: undefined }
}

const asking = { name: 's', seconds: hour, policy: null, form: 'bearer' as const }
const present = async (house: TestHouse, { token }: Pick<Issued, 'token'>) =>
  presentedSession(house, house.coherence.view(), token, { dialect: 'tencent', form: 'bearer' })
const callerOf = async (house: TestHouse, caller: Caller, issued: Issued): Promise<Caller> => {
  const found = await present(house, issued)
  if (typeof found === 'string') throw new Error(found)
  return { ...caller, ...found }
}
const denied = [{ reason: 'permissionDenied' }]

describe('a session of a session', () => {
  it('ends when that one does, however long it asks for', async () => {
    const house = openHouse()
    const caller = newUser(house)
    const first = await house.ok(delegate, asking, { caller })
    house.clock.pass(hour * 500)
    const second = await house.ok(
      delegate,
      { ...asking, seconds: 24 * hour },
      { caller: await callerOf(house, caller, first) },
    )
    expect(second.expiresAt).toBe(first.expiresAt)
  })

  it('is narrowed as that one is, and by nothing else', async () => {
    const house = openHouse()
    const caller = newUser(house, statement('allow', ['encrypt', 'decrypt']))
    const policy = { language: 'rights', document: JSON.stringify(statement('allow', ['encrypt'])) }
    const narrowed = await callerOf(house, caller, await house.ok(delegate, { ...asking, policy }, { caller }))
    expect(await house.refused(delegate, { ...asking, policy }, { caller: narrowed })).toEqual(denied)
    const again = await callerOf(house, caller, await house.ok(delegate, asking, { caller: narrowed }))
    expect(again.session?.policy?.document).toBe(policy.document)
  })
})

describe('a session that is a token', () => {
  it('ends when the row of its principal changes, and says so', async () => {
    const house = openHouse()
    const caller = newUser(house)
    const issued = await house.ok(delegate, asking, { caller })
    expect(await present(house, issued)).toMatchObject({ session: { form: 'bearer' } })
    const operator = house.caller({ reach: 'everything' })
    await house.ok(setPassword, { principal: caller.principal.id, password: 'new password' }, { caller: operator })
    expect(await present(house, issued)).toBe('ended')
    expect(await present(house, { token: 'x' })).toBe('unknown')
  })

  it('is told of to whom it concerns', async () => {
    const house = openHouse()
    const caller = newUser(house)
    const found = await present(house, await house.ok(delegate, asking, { caller }))
    if (typeof found === 'string') throw new Error(found)
    expect((await house.ok(inspectSession, found, { caller })).principal.id).toBe('alice')
    expect((await house.ok(inspectSession, found)).principal.id).toBe('alice')
    const other: Principal = { ...caller.principal, id: 'bob' }
    expect(await house.refused(inspectSession, found, { caller: { ...caller, principal: other } })).toEqual(denied)
  })
})

describe('what is a caller’s own', () => {
  it('needs no policy, and a deny still refuses it', async () => {
    const house = openHouse()
    const caller = newUser(house)
    await house.ok(createCredential, newKey('alice'), { caller })
    await house.ok(changeCredential, { id: 'AKIDnew', description: 'mine' }, { caller })
    expect((await house.ok(listCredentials, { principal: 'alice' }, { caller })).map(({ id }) => id)).toEqual([
      'AKIDnew',
    ])
    const { id } = house.caller().principal
    expect(await house.refused(createCredential, { ...newKey(id), id: 'AKIDother' }, { caller })).toEqual(denied)
    expect(await house.refused(changeCredential, { id: 'AKIDroot', disabled: true }, { caller })).toEqual(denied)
    const refused = newUser(house, statement('deny', ['changeCredential']))
    expect(await house.refused(changeCredential, { id: 'AKIDnew', disabled: true }, { caller: refused })).toEqual(
      denied,
    )
  })

  it('is not for a session whose policy does not speak of it', async () => {
    const house = openHouse()
    const caller = newUser(house)
    const policy = { language: 'rights', document: JSON.stringify(statement('allow', ['encrypt'])) }
    const narrowed = await callerOf(house, caller, await house.ok(delegate, { ...asking, policy }, { caller }))
    expect(await house.refused(createCredential, newKey('alice'), { caller: narrowed })).toEqual(denied)
  })
})

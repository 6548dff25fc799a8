import { describe, expect, test } from 'vitest'
import { claimed } from '../../src/core/access/caller.ts'
import { secretBinding, secretOf } from '../../src/core/access/secret.ts'
import { refuse } from '../../src/core/failure.ts'
import type { Principal } from '../../src/core/object.ts'
import {
  attachPolicy,
  changeCredential,
  createAccount,
  createCredential,
  createPrincipal,
  deleteCredential,
  detachPolicy,
  listAccountCredentials,
  listAccounts,
  listPrincipals,
  type NewPolicy,
} from '../../src/core/operations/administer.ts'
import { checkPolicy, listPolicies } from '../../src/core/operations/inspect.ts'
import { account, openHouse, statement, type TestHouse } from './house.ts'

const operator = (house: TestHouse) => ({
  caller: house.caller({ reach: 'everything', dialect: 'native', credential: undefined, source: 'admin.sock' }),
})

const newPrincipal = (name: string, id = `id of ${name}`) => ({ account, id, name, external: {}, role: null })
const addPrincipal = (house: TestHouse, name: string) => house.ok(createPrincipal, newPrincipal(name), operator(house))
const newKey = (principal: string, id = 'AKIDnew') => ({
  principal,
  dialect: 'tencent',
  description: '',
  id,
  secret: 'a very new secret',
})
const allow = JSON.stringify(statement('allow', ['encrypt']))
const deny = JSON.stringify(statement('deny', ['encrypt']))
const newPolicy = ({ id }: Principal, over: Partial<NewPolicy> = {}): NewPolicy => ({
  principal: id,
  id: 'policy-new',
  name: 'p',
  language: 'rights',
  document: allow,
  replaces: undefined,
  ...over,
})

describe('an account', () => {
  test('is made with its domain key and root principal, and its name holds in the installation', async () => {
    const house = openHouse()
    const first = house.identities.account('second')
    expect(await house.ok(createAccount, first, operator(house))).toBe(first)
    expect(house.store.get('account', first.id)).toMatchObject({ name: 'second' })
    expect(house.store.get('principal', first.id)).toMatchObject({
      root: true,
      account: first.id,
      passwordRecord: null,
    })
    expect(house.store.all('domainKey').map((row) => row.account)).toContain(first.id)
    expect(await house.refused(createAccount, house.identities.account('second'), operator(house))).toEqual([
      { reason: 'nonUniqueNameAttribute' },
    ])
  })
})

describe('a principal', () => {
  test('may do nothing at first', async () => {
    const house = openHouse()
    const alice = await addPrincipal(house, 'alice')
    expect(alice).toMatchObject({ root: false, disabled: false, policies: [], passwordRecord: null })
    expect(house.store.get('principal', alice.id)).toEqual(alice)
  })

  test('has a name that holds in its account', async () => {
    const house = openHouse()
    await addPrincipal(house, 'alice')
    expect(await house.refused(createPrincipal, newPrincipal('alice', 'other'), operator(house))).toEqual([
      { reason: 'nonUniqueNameAttribute' },
    ])
    const second = house.identities.account('second')
    await house.ok(createAccount, second, operator(house))
    await house.ok(createPrincipal, { ...newPrincipal('alice', 'third'), account: second.id }, operator(house))
  })

  test('of an account that is not there is refused', async () => {
    const house = openHouse()
    const nowhere = { ...newPrincipal('alice'), account: '999' }
    expect(await house.refused(createPrincipal, nowhere, operator(house))).toEqual([
      { reason: 'objectNotFound', kind: 'account' },
    ])
  })
})

describe('an access key', () => {
  test('is kept wrapped, and its secret is in the answer alone', async () => {
    const house = openHouse()
    const alice = await addPrincipal(house, 'alice')
    const made = await house.ok(createCredential, newKey(alice.id), operator(house))
    expect(made).toMatchObject({ id: 'AKIDnew', dialect: 'tencent', secret: 'a very new secret' })
    const row = house.store.get('credential', 'AKIDnew')!
    expect(Buffer.from(await secretOf(house, house.coherence.view(), row)).toString()).toBe('a very new secret')
    expect(Buffer.from(row.secret).includes('secret')).toBe(false)
    expect(JSON.stringify(house.journal.entries)).not.toContain('a very new secret')
    expect(house.journal.last.objects).toEqual([
      { kind: 'principal', id: alice.id },
      { kind: 'credential', id: 'AKIDnew' },
    ])
  })

  test('does not open in the row of another one', async () => {
    const house = openHouse()
    const alice = await addPrincipal(house, 'alice')
    await house.ok(createCredential, newKey(alice.id), operator(house))
    const row = house.store.get('credential', 'AKIDnew')!
    const domain = house.store.all('domainKey')[0]!
    const moved = secretBinding({ account, id: 'AKIDroot' })
    expect(house.keyring.unwrap(domain, moved, row.secret)).toBeUndefined()
  })

  test('is nobody’s while it is disabled, somebody’s again when enabled, and gone when deleted', async () => {
    const house = openHouse()
    const alice = await addPrincipal(house, 'alice')
    await house.ok(createCredential, newKey(alice.id), operator(house))
    const belongsTo = async () => (await claimed(house.coherence.view(), 'AKIDnew', 'tencent'))?.principal.id
    expect(await belongsTo()).toBe(alice.id)
    const set = (disabled: boolean) => house.ok(changeCredential, { id: 'AKIDnew', disabled }, operator(house))
    await set(true)
    expect(await belongsTo()).toBeUndefined()
    await set(true)
    await set(false)
    expect(await belongsTo()).toBe(alice.id)
    await house.ok(deleteCredential, { id: 'AKIDnew' }, operator(house))
    expect(await belongsTo()).toBeUndefined()
    expect(await house.refused(deleteCredential, { id: 'AKIDnew' }, operator(house))).toEqual([
      { reason: 'objectNotFound', kind: 'credential' },
    ])
  })

  test('that is disabled, enabled or deleted is waited for', async () => {
    const house = openHouse()
    const set = (disabled: boolean) => house.ok(changeCredential, { id: 'AKIDroot', disabled }, operator(house))
    await set(true)
    await set(false)
    await house.ok(deleteCredential, { id: 'AKIDroot' }, operator(house))
    expect(house.coherence.settled.slice(-3)).toEqual([1, 2, 3])
  })

  test('that was disabled already is waited for too: the barrier of who did it may still be open', async () => {
    const house = openHouse()
    await house.ok(changeCredential, { id: 'AKIDroot', disabled: true }, operator(house))
    const settled = house.coherence.settled.length
    await house.ok(changeCredential, { id: 'AKIDroot', disabled: true }, operator(house))
    expect(house.coherence.settled).toHaveLength(settled + 1)
  })
})

describe('a policy', () => {
  const may = async (house: TestHouse, principal: string) => {
    const asked = {
      principal,
      dialect: 'tencent',
      word: '',
      rights: ['encrypt'],
      region: 'guangzhou',
      resource: '*',
    } as const
    return house.ok(checkPolicy, { ...asked, source: '192.0.2.1' }, operator(house))
  }

  test('decides once it is attached, and says which of its statements did', async () => {
    const house = openHouse()
    const alice = await addPrincipal(house, 'alice')
    expect(await may(house, alice.id)).toEqual({ allowed: false, by: { rule: 'default' } })
    await house.ok(attachPolicy, newPolicy(alice), operator(house))
    expect(await may(house, alice.id)).toMatchObject({ allowed: true, by: { rule: 'statement', index: 0 } })
    await house.ok(attachPolicy, newPolicy(alice, { id: 'q', name: 'q', document: deny }), operator(house))
    expect(await may(house, alice.id)).toMatchObject({
      allowed: false,
      by: { rule: 'statement', policy: { name: 'q' } },
    })
    await house.ok(detachPolicy, { principal: alice.id, policy: 'q' }, operator(house))
    expect(await may(house, alice.id)).toMatchObject({ allowed: true })
    expect(house.store.get('policy', 'q')).toBeUndefined()
    expect(house.store.get('principal', alice.id)?.policies).toEqual(['policy-new'])
  })

  test('of the same name is replaced in its place', async () => {
    const house = openHouse()
    const alice = await addPrincipal(house, 'alice')
    await house.ok(attachPolicy, newPolicy(alice), operator(house))
    const again = newPolicy(alice, { id: 'unused', replaces: 'policy-new', document: deny })
    await house.ok(attachPolicy, again, operator(house))
    expect(await house.ok(listPolicies, { principal: alice.id }, operator(house))).toMatchObject([
      { id: 'policy-new', name: 'p', document: deny, revision: 2 },
    ])
    expect(house.store.get('policy', 'unused')).toBeUndefined()
  })

  test('that several replace at the same time is replaced by each', async () => {
    const house = openHouse()
    const alice = await addPrincipal(house, 'alice')
    await house.ok(attachPolicy, newPolicy(alice), operator(house))
    const replacing = newPolicy(alice, { replaces: 'policy-new', document: deny })
    await Promise.all(Array.from({ length: 3 }, () => house.ok(attachPolicy, replacing, operator(house))))
    expect(house.store.get('policy', 'policy-new')).toMatchObject({ document: deny, revision: 4 })
  })

  test('names hold for one principal', async () => {
    const house = openHouse()
    const [alice, bob] = [await addPrincipal(house, 'alice'), await addPrincipal(house, 'bob')]
    await house.ok(attachPolicy, newPolicy(alice), operator(house))
    await house.ok(attachPolicy, newPolicy(bob, { id: 'of bob' }), operator(house))
    const taken = newPolicy(alice, { id: 'third' })
    expect(await house.refused(attachPolicy, taken, operator(house))).toEqual([{ reason: 'nonUniqueNameAttribute' }])
    await house.ok(detachPolicy, { principal: alice.id, policy: 'policy-new' }, operator(house))
    await house.ok(attachPolicy, taken, operator(house))
  })

  test('is waited for, attached, replaced or detached: it may hold a deny', async () => {
    const house = openHouse()
    const alice = await addPrincipal(house, 'alice')
    await house.ok(attachPolicy, newPolicy(alice), operator(house))
    await house.ok(attachPolicy, newPolicy(alice, { replaces: 'policy-new', document: deny }), operator(house))
    await house.ok(detachPolicy, { principal: alice.id, policy: 'policy-new' }, operator(house))
    const { epoch } = house.store
    expect(house.coherence.settled.slice(-3)).toEqual([epoch - 2, epoch - 1, epoch])
  })
})

test('a list is of one account or of all, however many pages it has', async () => {
  const house = openHouse()
  const second = house.identities.account('second')
  await house.ok(createAccount, second, operator(house))
  const root = house.store.get('principal', account)!
  for (let n = 0; n < 2100; n++) house.store.set({ ...root, id: `u${String(n).padStart(5, '0')}`, root: false })
  const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)
  const list = async (of: string) => idsOf(await house.ok(listPrincipals, { account: of }, operator(house)))
  expect(idsOf(await house.ok(listAccounts, {}, operator(house)))).toEqual([account, second.id].toSorted())
  expect(await list(second.id)).toEqual([second.id])
  expect(new Set(await list(account)).size).toBe(2101)
})

test('who has no right to it looks after nothing, and an account’s administrator after no other account', async () => {
  const house = openHouse()
  const alice = await addPrincipal(house, 'alice')
  const second = house.identities.account('second')
  await house.ok(createAccount, second, operator(house))
  const stranger = house.caller({
    principal: house.store.get('principal', second.id)!,
    account: house.store.get('account', second.id)!,
  })
  for (const caller of [
    house.principal([]),
    house.principal([statement('allow', ['encrypt', 'create', 'list', 'describe'])]),
    stranger,
  ]) {
    const denied = refuse({ reason: 'permissionDenied' })
    expect(await house.ask(createPrincipal, newPrincipal('eve'), { caller })).toEqual(denied)
    expect(await house.ask(createCredential, newKey(alice.id), { caller })).toEqual(denied)
    expect(await house.ask(changeCredential, { id: 'AKIDroot', disabled: true }, { caller })).toEqual(denied)
    expect(await house.ask(deleteCredential, { id: 'AKIDroot' }, { caller })).toEqual(denied)
    expect(await house.ask(attachPolicy, newPolicy(alice), { caller })).toEqual(denied)
    expect(await house.ask(listAccountCredentials, { account }, { caller })).toEqual(denied)
    expect(await house.ask(listAccounts, {}, { caller })).toEqual(denied)
    expect(await house.ask(createAccount, house.identities.account('eve'), { caller })).toEqual(denied)
  }
  expect(await house.ask(listAccounts, {})).toEqual(refuse({ reason: 'permissionDenied' }))
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addAccessKey, addAccount, addPrincipal, type NewAccount, type NewPrincipal } from '../../harness/access.ts'
import { type HuaweiCallOptions, type HuaweiKey, huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { createKey } from '../../harness/keys.ts'
import { type AccessKey, type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

let keystead: TestKeystead
let other: NewAccount
let key: string
beforeAll(async () => {
  keystead = await startKeystead()
  other = await addAccount(keystead)
})
afterAll(() => keystead.end())
beforeEach(async () => {
  key = await createKey(keystead)
})

interface User {
  readonly userId: string
  readonly options: { readonly key: HuaweiKey; readonly project?: string }
  readonly tencent: AccessKey
}

let users = 0
/** A user of the first account, who may do nothing unless policies say so. */
const newUser = async (asked: NewPrincipal = {}): Promise<User> => {
  const userId = `c0ffee${++users}`.padEnd(32, '0')
  const principal = await addPrincipal(keystead, { ...asked, external: { userId } })
  const secretId = `HWUSER${users}`
  const { secretKey } = await addAccessKey(keystead, { principal, secretId, dialect: 'huawei' })
  const tencent = await addAccessKey(keystead, { principal })
  return { userId, options: { key: { accessKey: secretId, secretKey } }, tencent }
}

/** The administrator of the other account, who speaks to its own project. */
const stranger = (): User => {
  const { accessKey, secretKey, projectId, userId } = other.huawei
  return { userId, options: { key: { accessKey, secretKey }, project: projectId }, tencent: other }
}

const grant = (to: User | string, operations: readonly string[], more: Members = {}, options?: HuaweiCallOptions) => {
  const grantee_principal = typeof to === 'string' ? to : to.userId
  return huaweiCall(keystead, 'POST kms/create-grant', { key_id: key, grantee_principal, operations, ...more }, options)
}
const granted = async (...asked: Parameters<typeof grant>): Promise<string> => {
  const { members, exchanged } = await grant(...asked)
  expect(exchanged.body).toMatch(/grant_id/)
  return members.grant_id
}
const coded = async (call: string, members: Members, { options }: Pick<User, 'options'> = { options: {} as never }) =>
  (await huaweiCall(keystead, `POST kms/${call}`, members, options)).code
const describeKey = (user: User) => coded('describe-key', { key_id: key }, user)
const take = (call: 'revoke-grant' | 'retire-grant', grant_id: string, user?: User) =>
  coded(call, { key_id: key, grant_id }, user)

const allow = (...rights: string[]) => ({
  policies: [
    { statements: [{ effect: 'allow', rights, resources: [{ kind: '*', region: '*', creator: '*', id: '*' }] }] },
  ],
})

describe('a grant', () => {
  it('lets a user without a policy do what it names, and nothing else', async () => {
    const user = await newUser()
    expect(await describeKey(user)).toBe('KMS.0307')
    expect(await granted(user, ['describe-key', 'retire-grant'])).toMatch(/^[0-9a-f]{64}$/)
    expect(await describeKey(user)).toBeUndefined()
    expect(await coded('cancel-key-deletion', { key_id: key }, user)).toBe('KMS.0307')
    expect(await coded('list-grants', { key_id: key }, user)).toBe('KMS.0307')
    key = await createKey(keystead)
    expect(await describeKey(user)).toBe('KMS.0307')
  })

  it('has ended when its revocation is answered', async () => {
    const user = await newUser()
    const id = await granted(user, ['describe-key'])
    expect(await describeKey(user)).toBeUndefined()
    const { status, exchanged } = await huaweiCall(keystead, 'POST kms/revoke-grant', { key_id: key, grant_id: id })
    expect([status, exchanged.body]).toEqual([200, '{}'])
    expect(await describeKey(user)).toBe('KMS.0307')
    expect(await take('revoke-grant', id)).toBe('KMS.2501')
  })

  it('adds up with the others of the same user, and an equal one is another', async () => {
    const user = await newUser()
    const one = await granted(user, ['describe-key'])
    const two = await granted(user, ['describe-key'])
    expect(one).not.toBe(two)
    expect(await take('revoke-grant', one)).toBeUndefined()
    expect(await describeKey(user)).toBeUndefined()
    expect(await take('revoke-grant', two.toUpperCase())).toBeUndefined()
    expect(await describeKey(user)).toBe('KMS.0307')
  })

  it('is weaker than a deny', async () => {
    const resources = [{ kind: '*', region: '*', creator: '*', id: '*' }]
    const denied = await newUser({ policies: [{ statements: [{ effect: 'deny', rights: ['describe'], resources }] }] })
    const unreadable = await newUser({ policies: [{ nonsense: true }] })
    for (const user of [denied, unreadable]) {
      await granted(user, ['describe-key'])
      expect(await describeKey(user)).toBe('KMS.0307')
    }
  })

  it('of another account’s key is weaker than a deny that names that account, or any account', async () => {
    const { options } = stranger()
    const { key_info } = await huaweiOk(keystead, 'POST kms/create-key', { key_alias: 'lent' }, options)
    const { key_id } = key_info
    const deniedIn = (domain: string) => {
      const Statement = [{ Effect: 'Deny', Action: 'kms:*', Resource: `kms:*:${domain}:KeyId:*` }]
      return newUser({ policies: [{ Version: '5.0', Statement }], language: 'huawei' })
    }
    const ask = async (user: User) => {
      const members = { key_id, grantee_principal: user.userId, operations: ['describe-key'] }
      await huaweiOk(keystead, 'POST kms/create-grant', members, options)
      return coded('describe-key', { key_id }, user)
    }
    expect(await ask(await newUser())).toBeUndefined()
    for (const domain of [other.huawei.domainId, keystead.credentials.huawei.domainId, '*', ''])
      expect(await ask(await deniedIn(domain))).toMatch(/^KMS\./)
  })

  it('to an account lets every user of it, also one of another account, in its own project', async () => {
    const user = stranger()
    expect(await describeKey(user)).toBe('KMS.0207')
    const id = await granted(other.huawei.domainId, ['describe-key'], { grantee_principal_type: 'domain' })
    const { members } = await huaweiCall(keystead, 'POST kms/describe-key', { key_id: key }, user.options)
    expect(members.key_info).toMatchObject({ key_id: key, domain_id: keystead.credentials.huawei.domainId })
    // What it was not lent for it is told about, since it knows of the key; before and after it knows nothing.
    expect(await coded('list-grants', { key_id: key }, user)).toBe('KMS.0306')
    const { projectId: project } = keystead.credentials.huawei
    expect(await coded('describe-key', { key_id: key }, { options: { ...user.options, project } })).toBe('KMS.0321')
    expect(await take('revoke-grant', id)).toBeUndefined()
    expect(await describeKey(user)).toBe('KMS.0207')
  })

  it('holds through the other cloud too, for no more than its operations together let', async () => {
    const user = await newUser()
    const encrypt = async () =>
      (await keystead.call('Encrypt', { KeyId: key, Plaintext: 'aGk=' }, { key: user.tencent })).code
    await granted(user, ['encrypt-data'])
    expect(await encrypt()).toBe('UnauthorizedOperation')
    await granted(user, ['encrypt-data', 'encrypt-datakey'])
    expect(await encrypt()).toBeUndefined()
    const decrypted = {
      CiphertextBlob: (await keystead.ok('Encrypt', { KeyId: key, Plaintext: 'aGk=' })).CiphertextBlob,
    }
    expect((await keystead.call('Decrypt', decrypted, { key: user.tencent })).code).toBe('UnauthorizedOperation')
  })

  it('is passed on by a grantee that may, for at most what it holds', async () => {
    const [first, second] = [await newUser(), await newUser()]
    await granted(first, ['create-grant', 'describe-key'])
    const asFirst = first.options
    expect((await grant(second, ['describe-key', 'encrypt-data'], {}, asFirst)).code).toBe('KMS.0307')
    expect((await grant(second, ['describe-key', 'retire-grant'], {}, asFirst)).code).toBe('KMS.0307')
    const passed = await granted(second, ['describe-key', 'create-grant'], {}, asFirst)
    expect(await describeKey(second)).toBeUndefined()
    const { grants } = await huaweiOk(keystead, 'POST kms/list-grants', { key_id: key })
    expect(grants).toEqual([
      expect.objectContaining({ grantee_principal: first.userId }),
      expect.objectContaining({ grant_id: passed, issuing_principal: first.userId }),
    ])
    // It outlives the one that it came from.
    expect(await take('revoke-grant', grants[0].grant_id)).toBeUndefined()
    expect(await describeKey(second)).toBeUndefined()
    expect((await grant(second, ['describe-key'], {}, asFirst)).code).toBe('KMS.0307')
  })

  it('is revoked by who made the key and by the account itself, whatever policies say', async () => {
    const maker = await newUser(allow('create', 'createGrant', 'revokeGrant'))
    const officer = await newUser(allow('revokeGrant', 'createGrant'))
    key = await createKey(keystead, {}, { key: maker.tencent })
    const ids = [await granted('a'.repeat(32), ['describe-key']), await granted('a'.repeat(32), ['describe-key'])]
    expect(await take('revoke-grant', ids[0]!, officer)).toBe('KMS.0306')
    expect(await take('revoke-grant', ids[0]!, maker)).toBeUndefined()
    expect(await take('revoke-grant', ids[1]!)).toBeUndefined()
  })
})

describe('retiring a grant', () => {
  it('is for whom it names, who made it, and a grantee that it lets', async () => {
    const [kept, let_, named] = [await newUser(), await newUser(), stranger()]
    const cannot = await granted(kept, ['describe-key'])
    const can = await granted(let_, ['describe-key', 'retire-grant'])
    const by = await granted(kept, ['describe-key'], { retiring_principal: named.userId })
    expect(await take('retire-grant', cannot, kept)).toBe('KMS.0307')
    expect(await take('retire-grant', cannot, let_)).toBe('KMS.0307')
    expect(await take('retire-grant', can, named)).toBe('KMS.0307')
    expect(await take('retire-grant', can, let_)).toBeUndefined()
    expect(await take('retire-grant', by, named)).toBeUndefined()
    expect(await take('retire-grant', by, named)).toBe('KMS.0207') // Nothing names it any more.
    expect(await take('retire-grant', cannot)).toBeUndefined()
  })

  it('lists what names the caller, of every account', async () => {
    const user = stranger()
    const list = (members: Members = {}) => huaweiOk(keystead, 'POST kms/list-retirable-grants', members, user.options)
    const ids = []
    for (let count = 0; count < 3; count++)
      ids.push(await granted('b'.repeat(32), ['describe-key'], { retiring_principal: user.userId, name: `n${count}` }))
    await granted('b'.repeat(32), ['describe-key'], { retiring_principal: 'b'.repeat(32) })
    const first = await list({ limit: '2' })
    expect(first).toMatchObject({ next_marker: '2', truncated: 'true', total: 3 })
    const second = await list({ limit: 2, marker: first.next_marker })
    expect(second).toMatchObject({ next_marker: '', truncated: 'false', total: 3 })
    expect([...first.grants, ...second.grants].map((one) => one.grant_id)).toEqual(ids)
    expect((await huaweiOk(keystead, 'POST kms/list-retirable-grants', {})).total).toBe(0)
  })
})

describe('list-grants', () => {
  it('shows each grant as it was made, and leaves out what it has not', async () => {
    const id = await granted('a'.repeat(32), ['decrypt-data', 'create-datakey'], { name: 'a:b/c_d-e' })
    const { grants } = await huaweiOk(keystead, 'POST kms/list-grants', { key_id: key })
    expect(grants).toEqual([
      {
        key_id: key,
        grant_id: id,
        grantee_principal: 'a'.repeat(32),
        grantee_principal_type: 'user',
        operations: ['create-datakey', 'decrypt-data'],
        issuing_principal: expect.stringMatching(/^[0-9a-f]{32}$/),
        creation_date: expect.stringMatching(/^\d{13}$/),
        name: 'a:b/c_d-e',
      },
    ])
  })

  it('pages by text and by number, and past the end is empty', async () => {
    for (let count = 0; count < 3; count++) await granted('a'.repeat(32), ['describe-key'])
    const page = async (members: Members) => {
      const { grants, ...rest } = await huaweiOk(keystead, 'POST kms/list-grants', { key_id: key, ...members })
      return { count: grants.length, ...rest }
    }
    expect(await page({ limit: '2', marker: '' })).toEqual({ count: 2, next_marker: '2', truncated: 'true', total: 3 })
    expect(await page({ limit: 2, marker: 2 })).toEqual({ count: 1, next_marker: '', truncated: 'false', total: 3 })
    expect(await page({ marker: '9' })).toEqual({ count: 0, next_marker: '', truncated: 'false', total: 3 })
  })
})

describe('a request that is wrong', () => {
  it.each([
    ['create-grant alone', { operations: ['create-grant'] }, 'KMS.2401'],
    ['no operation', { operations: [] }, 'KMS.0308'],
    ['an unknown operation', { operations: ['sign'] }, 'KMS.0308'],
    ['a malformed grantee', { grantee_principal: 'not a user' }, 'KMS.2402'],
    ['a malformed retiring principal', { retiring_principal: '-' }, 'KMS.2402'],
    ['an unknown kind of grantee', { grantee_principal_type: 'group' }, 'KMS.0308'],
    ['a malformed name', { name: 'a b' }, 'KMS.0308'],
    ['no grantee', { grantee_principal: null }, 'KMS.0204'],
  ])('create-grant with %s', async (_what, members, code) => {
    expect((await grant('a'.repeat(32), ['describe-key'], members)).code).toBe(code)
  })

  it('names the grant that is not there, or not of this key', async () => {
    const id = await granted('a'.repeat(32), ['describe-key'])
    const elsewhere = key
    key = await createKey(keystead)
    for (const call of ['revoke-grant', 'retire-grant'] as const) {
      expect(await take(call, 'f'.repeat(64))).toBe('KMS.2501')
      expect(await take(call, 'no grant')).toBe('KMS.2501')
      expect(await take(call, id)).toBe('KMS.2502')
    }
    key = elsewhere
    expect(await take('revoke-grant', id)).toBeUndefined()
  })

  it('lists with a wrong limit or marker', async () => {
    expect(await coded('list-grants', { key_id: key, limit: 'x' })).toBe('KMS.1601')
    expect(await coded('list-grants', { key_id: key, limit: 0 })).toBe('KMS.1601')
    expect(await coded('list-grants', { key_id: key, marker: '-1' })).toBe('KMS.1602')
    expect(await coded('list-retirable-grants', { marker: 'x' })).toBe('KMS.1602')
  })

  it('asks for a grant of a key that cannot be used', async () => {
    const asked = async () => (await grant('a'.repeat(32), ['describe-key'])).code
    await keystead.ok('DisableKey', { KeyId: key })
    expect(await asked()).toBe('KMS.0209')
    await keystead.ok('ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 7 })
    expect(await asked()).toBe('KMS.0210')
    key = await createKey(keystead, { Type: 2 })
    expect(await asked()).toBe('KMS.0308')
  })

  it('asks for the grant after the hundredth', async () => {
    for (let count = 0; count < 100; count++) await granted('a'.repeat(32), ['describe-key'])
    expect((await grant('a'.repeat(32), ['describe-key'])).code).toBe('KMS.2404')
  })
})

it.each([
  ['DescribeKey', {}],
  ['DisableKey', {}],
  ['ScheduleKeyDeletion', { PendingWindowInDays: 7 }],
  ['UpdateKeyDescription', { Description: 'mine' }],
])('a lent key is not the borrower’s own for %s where it says for which account it acts', async (action, members) => {
  await granted(stranger(), ['encrypt-data'])
  const own = { MemberAccount: { MemberUin: Number(other.uin) } }
  const asked = { KeyId: key, ...members }
  const refusals = [
    await keystead.call(action, asked, { key: other }),
    await keystead.call(action, { ...asked, ...own }, { key: other }),
  ]
  expect(refusals.map(({ code }) => code)).toEqual(Array(2).fill('UnsupportedOperation.NotRoleOperation'))
})

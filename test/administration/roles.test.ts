/** Roles, organisations and keys of products, as an operator's command line makes them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cam, failed, policyFile, type Served, said, served, told } from './command.ts'

let server: Served
let data: string
beforeAll(async () => {
  server = await served()
  data = server.data
  await said(data, 'account', 'create', 'shop')
  await said(data, 'user', 'create', 'billing', '--account', 'shop')
})
afterAll(() => server.stop())

const inShop = ['--account', 'shop'] as const

describe('a role', () => {
  test('is made, given a policy, listed, and deleted with its policies', async () => {
    const trusted = ['--trust', 'keystead', 'shop/billing', '--session-max', '900']
    const { id } = await told(data, 'role', 'create', 'reports', ...inShop, ...trusted)
    const file = policyFile(cam('allow', 'kms:DescribeKey'))
    await said(data, 'policy', 'attach', '--role', 'reports', ...inShop, '--name', 'read', '--file', file)
    const { roles } = await told(data, 'role', 'list', ...inShop)
    expect(roles).toEqual([
      {
        id,
        name: 'reports',
        trusts: [expect.stringMatching(/^\d{12}$/), expect.stringMatching(/^\d{12}\/\d{12}$/)],
        sessionSecondsMax: 900,
        policies: 1,
        createdAt: expect.stringMatching(/Z$/),
      },
    ])
    const asked = ['--role', 'reports', ...inShop, '--action', 'kms:DescribeKey']
    expect(await said(data, 'policy', 'check', ...asked)).toBe('allowed: statement 1 of policy read\n')
    const users = (await told(data, 'user', 'list', ...inShop)).users
    expect(users.map(({ name }: { name: string }) => name)).not.toContain('reports')
    expect(await said(data, 'role', 'delete', 'reports', ...inShop)).toBe('deleted role reports\n')
    expect((await told(data, 'role', 'list', ...inShop)).roles).toEqual([])
    await said(data, 'role', 'create', 'reports', ...inShop, '--trust', 'shop')
  })

  test('has the name of no other role, and may have that of a user', async () => {
    await said(data, 'role', 'create', 'billing', ...inShop, '--trust', 'shop')
    expect(await failed(data, 'role', 'create', 'billing', ...inShop, '--trust', 'shop')).toBe('The name is taken.')
  })

  test.each([
    ['an account that is not there', ['--trust', 'nobody']],
    ['a user that is not there', ['--trust', 'shop/nobody']],
    ['a session that is too long', ['--trust', 'shop', '--session-max', '43201']],
  ])('is refused for %s', async (_name, options) => {
    await failed(data, 'role', 'create', 'wrong', ...inShop, ...options)
  })

  test('is no user, and a user is no role', async () => {
    await said(data, 'role', 'create', 'only-a-role', ...inShop, '--trust', 'shop')
    await failed(data, 'access-key', 'create', '--user', 'only-a-role', ...inShop)
    await failed(data, 'role', 'delete', 'administrator', ...inShop)
    const file = policyFile(cam('allow', 'kms:*'))
    const both = ['--user', 'billing', '--role', 'billing', ...inShop, '--name', 'x', '--file', file]
    expect(await failed(data, 'policy', 'attach', ...both)).toBe('name either a --user or a --role.')
    expect(await failed(data, 'policy', 'list', ...inShop)).toBe('name either a --user or a --role.')
  })
})

test('an account is put under another one, and out again', async () => {
  expect(await said(data, 'account', 'administrator', 'shop', '--is', 'keystead')).toMatch(
    /^shop is administered by \d{12}\n$/,
  )
  expect(await said(data, 'account', 'administrator', 'shop', '--nobody')).toBe('shop is administered by nobody else\n')
  expect(await failed(data, 'account', 'administrator', 'shop')).toBe('say who it --is, or --nobody.')
  await failed(data, 'account', 'administrator', 'shop', '--is', 'shop')
})

test('a key of a product is made in a region of either name, and its name says that it is one', async () => {
  const asked = ['--product', 'cbs', ...inShop]
  const made = await told(data, 'product-key', 'create', 'kms-disks', '--region', 'ap-guangzhou', ...asked)
  expect(made).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: 'kms-disks', product: 'cbs' })
  await said(data, 'product-key', 'create', 'kms-more', '--region', 'cn-south-1', ...asked)
  expect(await failed(data, 'product-key', 'create', 'disks', '--region', 'ap-guangzhou', ...asked)).toMatch(/name/)
})

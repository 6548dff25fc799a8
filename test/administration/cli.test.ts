import { readdirSync, readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keystead } from '../server/child.ts'
import { cam, failed, newUser, policyFile, run, type Served, said, served, told } from './command.ts'

const uin = /^1000\d{8}$/
let server: Served
let data: string
beforeAll(async () => {
  server = await served()
  data = server.data
})
afterAll(() => server.stop())

const auditText = () =>
  readdirSync(join(data, 'audit'))
    .map((name) => readFileSync(join(data, 'audit', name), 'utf8'))
    .join('')
const auditLines = () =>
  auditText()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

describe('what programs read', () => {
  test('accounts and users are told by number and name', async () => {
    const account = await told(data, 'account', 'create', 'programs')
    expect(account).toEqual({ uin: expect.stringMatching(uin), name: 'programs' })
    const user = await told(data, 'user', 'create', 'ann', '--account', 'programs')
    expect(user).toEqual({ uin: expect.stringMatching(uin), name: 'ann' })
    const [accounts, users, byNumber] = await Promise.all([
      told(data, 'account', 'list'),
      told(data, 'user', 'list', '--account', 'programs'),
      told(data, 'user', 'list', '--account', account.uin),
    ])
    const createdAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(accounts.accounts).toContainEqual({ ...account, createdAt })
    expect(users.users.toSorted((a: { root: boolean }) => (a.root ? -1 : 1))).toEqual([
      { uin: account.uin, name: 'administrator', root: true, policies: 0, createdAt },
      { ...user, root: false, policies: 0, createdAt },
    ])
    expect(byNumber).toEqual(users)
  })

  test('an access key is told in the words of its cloud, and its secret this once', async () => {
    await told(data, 'user', 'create', 'bea')
    const [tencent, huawei] = [
      await told(data, 'access-key', 'create', '--user', 'bea'),
      await told(data, 'access-key', 'create', '--user', 'bea', '--dialect', 'huawei'),
    ]
    expect(tencent).toEqual({
      secretId: expect.stringMatching(/^AKID[0-9A-Za-z]{32}$/),
      secretKey: expect.stringMatching(/^[0-9A-Za-z]{32}$/),
    })
    expect(huawei).toEqual({
      accessKey: expect.stringMatching(/^[0-9A-Z]{20}$/),
      secretKey: expect.stringMatching(/^[0-9A-Za-z]{40}$/),
    })
    const list = await said(data, 'access-key', 'list', '--json')
    const { accessKeys } = JSON.parse(list)
    for (const [id, dialect] of [
      [tencent.secretId, 'tencent'],
      [huawei.accessKey, 'huawei'],
    ])
      expect(accessKeys).toContainEqual({
        id,
        dialect,
        user: expect.stringMatching(uin),
        disabled: false,
        createdAt: expect.any(String),
      })
    const everything = list + (await said(data, 'access-key', 'list')) + auditText() + server.child.stderr()
    for (const { secretKey } of [tencent, huawei]) {
      expect(everything).not.toContain(secretKey)
      for (const file of readdirSync(data).filter((name) => name !== 'audit' && name !== 'admin.sock'))
        expect(readFileSync(join(data, file)).includes(secretKey)).toBe(false)
    }
  })

  test('disabling, enabling and deleting an access key tell its id', async () => {
    const { secretId } = await newUser(data, 'cleo')
    for (const verb of ['disable', 'disable', 'enable', 'delete'])
      expect(await told(data, 'access-key', verb, secretId)).toEqual({ id: secretId })
    expect(await failed(data, 'access-key', 'enable', secretId)).toBe('There is no such credential.')
  })

  test('policies are attached, listed, checked and detached', async () => {
    await told(data, 'user', 'create', 'dora')
    const document = cam('allow', ['kms:Encrypt', 'kms:ListKeys'])
    const file = policyFile(document)
    const named = ['--user', 'dora', '--name', 'p'] as const
    expect(await told(data, 'policy', 'attach', ...named, '--file', file)).toEqual({ name: 'p' })
    const rights = policyFile({
      statements: [
        { effect: 'deny', rights: ['list'], resources: [{ kind: '*', region: '*', creator: '*', id: '*' }] },
      ],
    })
    await told(data, 'policy', 'attach', '--user', 'dora', '--name', 'q', '--file', rights, '--dialect', 'rights')
    const check = (action: string, ...more: string[]) =>
      told(data, 'policy', 'check', '--user', 'dora', '--action', action, ...more)
    const { response } = await server.call('CreateKey', { Alias: 'checked' })
    const answers = await Promise.all([
      told(data, 'policy', 'list', '--user', 'dora'),
      check('kms:Encrypt', '--resource', response.KeyId),
      check('kms:ListKeys', '--region', 'ap-shanghai', '--source', '192.0.2.7'),
      check('kms:Decrypt'),
      told(data, 'policy', 'check', '--user', 'administrator', '--action', 'kms:Decrypt'),
    ])
    expect(answers).toEqual([
      {
        policies: [
          { name: 'p', dialect: 'tencent', document: JSON.stringify(document) },
          { name: 'q', dialect: 'rights', document: expect.stringContaining('deny') },
        ],
      },
      { allowed: true, rule: 'statement', policy: 'p', statement: 0 },
      { allowed: false, rule: 'statement', policy: 'q', statement: 0 },
      { allowed: false, rule: 'default' },
      { allowed: true, rule: 'root' },
    ])
    expect(await told(data, 'policy', 'detach', '--user', 'dora', '--name', 'q')).toEqual({ name: 'q' })
    expect(await check('kms:ListKeys')).toMatchObject({ allowed: true, policy: 'p' })
  })

  test('status tells how the installation is', async () => {
    expect(await told(data, 'status')).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      node: process.version,
      pid: server.child.process.pid,
      uptimeSeconds: expect.any(Number),
      installation: expect.stringMatching(/^[0-9a-f]{32}$/),
      foundedAt: expect.stringMatching(/Z$/),
      data,
      canariesChecked: 0,
      canariesFailed: 0,
      quarantined: false,
      rootKeyGeneration: 1,
      rootKeySeal: 'file',
      sealed: false,
      journalHealthy: true,
      slowQueueWaiting: 0,
    })
  })
})

describe('what people read', () => {
  test('is a sentence for what was done, and a table for what is there', async () => {
    expect(await said(data, 'account', 'create', 'people')).toMatch(/^made account people, number 1000\d{8}\n$/)
    const inPeople = ['--account', 'people'] as const
    expect(await said(data, 'user', 'create', 'eve', ...inPeople)).toMatch(/^made user eve, number 1000\d{8}\n$/)
    const pair = await said(data, 'access-key', 'create', '--user', 'eve', ...inPeople)
    expect(pair).toMatch(/^secretId {2}AKID\w{32}\nsecretKey {2}\w{32}\n$/)
    const [, id = ''] = /secretId {2}(\w+)/.exec(pair) ?? []
    expect(await said(data, 'access-key', 'disable', id)).toBe(`disabled ${id}\n`)
    const file = policyFile(cam('allow', 'kms:*'))
    const named = ['--user', 'eve', ...inPeople, '--name', 'all'] as const
    expect(await said(data, 'policy', 'attach', ...named, '--file', file)).toBe('attached all to eve\n')
    const [keys, users, policies, check] = await Promise.all([
      said(data, 'access-key', 'list', ...inPeople),
      said(data, 'user', 'list', ...inPeople),
      said(data, 'policy', 'list', '--user', 'eve', ...inPeople),
      said(data, 'policy', 'check', '--user', 'eve', ...inPeople, '--action', 'kms:Encrypt'),
    ])
    expect(keys).toMatch(/^ID +DIALECT +USER +STATE +CREATED\nAKID\w+ +tencent +1000\d+ +disabled +\S+\n$/)
    expect(users).toMatch(/^NUMBER +NAME +MAY DO +CREATED\n/)
    expect(users).toMatch(/ eve +1 policies +/)
    expect(users).toMatch(/ administrator +everything +/)
    expect(policies).toMatch(/^NAME +DIALECT +DOCUMENT\nall +tencent +\{"version":"2\.0",/)
    expect(check).toBe('allowed: statement 1 of policy all\n')
    expect(await said(data, 'policy', 'detach', ...named)).toBe('detached all from eve\n')
    expect(await said(data, 'access-key', 'delete', id)).toBe(`deleted ${id}\n`)
  })

  test('status and doctor are a line for each thing', async () => {
    const [status, doctor] = await Promise.all([said(data, 'status'), said(data, 'doctor')])
    expect(status).toMatch(/^version +\d/)
    expect(status).toContain(`data               ${data}\n`)
    const names = [
      'data folder',
      'root key',
      'database',
      'audit journal',
      'disk',
      'material',
      'tombstones',
      'clock',
      'backup',
      'domain keys',
      'key versions',
      'data keys',
      'access keys',
      'access points',
    ]
    expect(doctor.match(/^ok {2}[a-z ]+?(?= {2,}|\n)/gm)?.map((line) => line.slice(4))).toEqual(names)
  })

  test('help says what every command does and takes', async () => {
    const help = async (...args: string[]) => (await keystead([...args, '--help']).exited).stdout
    const [all, ...each] = await Promise.all([
      help(),
      help('account'),
      help('user'),
      help('access-key'),
      help('policy'),
      help('access-key', 'create'),
      help('policy', 'check'),
    ])
    for (const name of ['serve', 'account', 'user', 'access-key', 'policy', 'audit', 'status', 'doctor'])
      expect(all).toMatch(new RegExp(`^  ${name} .*[a-z]`, 'm'))
    const [account, user, accessKey, policy, create, check] = each
    for (const [text, verbs] of [
      [account, ['create', 'list']],
      [user, ['create', 'list']],
      [accessKey, ['create', 'list', 'disable', 'enable', 'delete']],
      [policy, ['attach', 'detach', 'list', 'check']],
    ] as const)
      for (const verb of verbs) expect(text).toMatch(new RegExp(`^  ${verb} .*[a-z]`, 'm'))
    for (const option of ['--data', '--json', '--user', '--account', '--dialect']) expect(create).toContain(option)
    for (const option of ['--user', '--action', '--resource', '--region', '--source']) expect(check).toContain(option)
  })
})

describe('what is wrong is one sentence and exit code 1', () => {
  test('about names and numbers', async () => {
    await said(data, 'user', 'create', 'fay')
    const nobody = ['--user', 'nobody'] as const
    const sentences = await Promise.all([
      failed(data, 'access-key', 'create', ...nobody),
      failed(data, 'policy', 'list', ...nobody),
      failed(data, 'user', 'create', 'fay'),
      failed(data, 'account', 'create', 'keystead'),
      failed(data, 'user', 'create', 'fay', '--account', 'nowhere'),
      failed(data, 'user', 'create', 'two words'),
      failed(data, 'access-key', 'disable', 'AKIDunknown'),
      failed(data, 'policy', 'detach', '--user', 'fay', '--name', 'unknown'),
    ])
    expect(sentences).toEqual([
      'There is no such principal.',
      'There is no such principal.',
      'The name is taken.',
      'The name is taken.',
      'There is no such account.',
      expect.stringMatching(/^name /),
      'There is no such credential.',
      'There is no such policy.',
    ])
  })

  test('about policies, with the fault named', async () => {
    await said(data, 'user', 'create', 'gwen')
    const attach = (document: unknown, ...more: string[]) =>
      failed(data, 'policy', 'attach', '--user', 'gwen', '--name', 'p', '--file', policyFile(document), ...more)
    const [json, effect, rights, missing, listed] = await Promise.all([
      attach('{"version":'),
      attach(cam('permit' as 'allow', 'kms:*')),
      attach({ statements: [{ effect: 'allow' }] }, '--dialect', 'rights'),
      failed(data, 'policy', 'attach', '--user', 'gwen', '--name', 'p', '--file', '/nonexistent/policy.json'),
      told(data, 'policy', 'list', '--user', 'gwen'),
    ])
    expect(json).toMatch(/^document is no policy: .*JSON/)
    expect(effect).toMatch(/^document is no policy: .*effect/)
    expect(rights).toBe(
      'document is no policy: statement 1 must have effect, rights and resources, each rightly formed.',
    )
    expect(missing).toBe('/nonexistent/policy.json: the policy file cannot be read.')
    expect(listed).toEqual({ policies: [] })
  })

  test('about what is asked', async () => {
    const check = (...args: string[]) => failed(data, 'policy', 'check', '--user', 'administrator', ...args)
    const sentences = await Promise.all([
      check('--action', 'kms:Nonsense'),
      check('--action', 'kms:Encrypt', '--resource', '00000000-0000-7000-8000-000000000000'),
      check('--action', 'kms:Encrypt', '--resource', 'no-id'),
      check('--action', 'kms:ListKeys', '--region', 'ap-nowhere'),
    ])
    expect(sentences).toEqual([
      'action is no permission word of tencent.',
      'There is no such key.',
      expect.stringMatching(/^resource /),
      'Refused: unknownRegion.',
    ])
  })

  test('about the command line itself, where the code is 2', async () => {
    const rans = await Promise.all([
      run(data, 'user', 'create'),
      run(data, 'access-key', 'create'),
      run(data, 'access-key', 'create', '--user', 'x', '--dialect', 'aws'),
      run(data, 'policy', 'attach', '--user', 'x'),
    ])
    for (const { code, stdout, stderr } of rans) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^error: /)
    }
  })
})

describe('accounts and users', () => {
  test('a user has any number of access keys, an account any number of users, each on its own', async () => {
    await said(data, 'account', 'create', 'many')
    const of = ['--account', 'many'] as const
    const [first, other] = [await newUser(data, 'h1', ...of), await newUser(data, 'h2', ...of)]
    const second = await told(data, 'access-key', 'create', '--user', 'h1', ...of)
    const file = policyFile(cam('allow', 'kms:*'))
    await said(data, 'policy', 'attach', '--user', 'h1', ...of, '--name', 'all', '--file', file)
    const codes = async () => {
      const keys = [first, second as typeof first, other]
      return Promise.all(keys.map(async (key) => (await server.call('ListKeys', {}, { key })).code))
    }
    expect(await codes()).toEqual([undefined, undefined, 'UnauthorizedOperation'])
    await said(data, 'access-key', 'disable', first.secretId)
    expect(await codes()).toEqual(['AuthFailure.SecretIdNotFound', undefined, 'UnauthorizedOperation'])
  })

  test('the same name stands for another user in another account', async () => {
    await Promise.all([said(data, 'account', 'create', 'one'), said(data, 'account', 'create', 'two')])
    const [one, two] = await Promise.all([
      told(data, 'user', 'create', 'ida', '--account', 'one'),
      told(data, 'user', 'create', 'ida', '--account', 'two'),
    ])
    expect(one.uin).not.toBe(two.uin)
    expect(await failed(data, 'policy', 'list', '--user', one.uin, '--account', 'two')).toBe(
      'There is no such principal.',
    )
  })

  test('a user of one account sees no key of another, whatever its policy says', async () => {
    await said(data, 'account', 'create', 'foreign')
    const of = ['--account', 'foreign'] as const
    const key = await newUser(data, 'joan', ...of)
    const file = policyFile(cam('allow', 'kms:*'))
    await said(data, 'policy', 'attach', '--user', 'joan', ...of, '--name', 'all', '--file', file)
    const { KeyId } = (await server.call('CreateKey', { Alias: 'of-the-first-account' })).response
    const { CiphertextBlob } = (await server.call('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })).response
    const as = { key }
    expect((await server.call('ListKeys', {}, as)).response).toMatchObject({ TotalCount: 0, Keys: [] })
    for (const [action, members] of [
      ['DescribeKey', { KeyId }],
      ['Encrypt', { KeyId, Plaintext: 'aGVsbG8=' }],
      ['Decrypt', { CiphertextBlob }],
      ['DisableKey', { KeyId }],
      ['RotateKey', { KeyId }],
    ] as const)
      expect((await server.call(action, members, as)).code).toBe('ResourceUnavailable.CmkNotFound')
    const own = (await server.call('CreateKey', { Alias: 'own' }, as)).response
    expect((await server.call('ListKeys', {}, as)).response.TotalCount).toBe(1)
    expect((await server.call('DescribeKey', { KeyId: own.KeyId })).code).toBe('ResourceUnavailable.CmkNotFound')
  })
})

describe('the record', () => {
  test('names the operating-system user for what was done and for what was refused', async () => {
    const made = await told(data, 'user', 'create', 'kate')
    await failed(data, 'user', 'create', 'kate')
    const { secretId } = await told(data, 'access-key', 'create', '--user', 'kate')
    await said(data, 'access-key', 'delete', secretId)
    const common = {
      dialect: 'native',
      principal: `os:${userInfo().username}`,
      credential: '',
      source: 'admin.sock',
      account: '',
      region: '',
    }
    const lines = auditLines().filter(({ dialect }) => dialect === 'native')
    const done = { ...common, outcome: 'success' }
    const principal = { kind: 'principal', id: made.uin }
    const credential = { kind: 'credential', id: secretId }
    expect(lines.slice(-4)).toMatchObject([
      { ...done, action: 'user-create', objects: [{ kind: 'account' }, principal] },
      { ...common, action: 'user-create', outcome: 'refused', reason: 'nonUniqueNameAttribute' },
      { ...done, action: 'access-key-create', objects: [principal, credential] },
      { ...done, action: 'access-key-delete', objects: [credential] },
    ])
  })

  test('of one node is found through its server as in its files', async () => {
    await said(data, 'account', 'list')
    const asked = ['audit', 'search', '--json', '--action', 'account-list']
    const [here, everywhere] = [await run(data, ...asked), await run(data, ...asked, '--all-nodes')]
    expect(here.stdout).toContain('"action":"account-list"')
    expect(everywhere).toMatchObject({ code: 0, stdout: here.stdout, stderr: 'searched:\n  audit: all of it\n' })
    const { stdout } = await run(data, 'audit', 'search', '--all-nodes', '--limit', '1')
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['JOURNAL', 'audit', ''])
  })

  test('of the whole of it holds together', async () => {
    const { code, stdout } = await run(data, 'audit', 'verify')
    expect(stdout).toMatch(/last line: \d+:[0-9a-f]+/)
    expect(code).toBe(0)
  })
})

test('the socket is for its owner alone', () => {
  const { mode } = statSync(join(data, 'admin.sock'))
  expect(mode & 0o7777).toBe(0o600)
})

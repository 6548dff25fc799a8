/** A deny in either cloud's words denies through the other: every pair of actions that reach the same right, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { administer } from '../../src/cli/admin.ts'
import { type Action, variantsOf } from '../../src/contract/action.ts'
import { wordRights } from '../../src/contract/word-rights.ts'
import { type Right, rights } from '../../src/core/access/right.ts'
import { actions } from '../../src/dialects/huawei/actions.ts'
import { iamActions } from '../../src/dialects/huawei/iam/calls.ts'
import { roleWords } from '../../src/dialects/huawei/policy/words.ts'
import { everyAction } from '../../src/dialects/tencent/services.ts'
import { addAccessKey, addPrincipal } from '../harness/access.ts'
import { type AccessKey, startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { askHuawei, askTencent } from './denies-asked.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
  await administer(keystead.folder, 'role-create', { name: 'asked', trusts: ['keystead'] })
})
afterAll(() => keystead.end())

interface Named {
  readonly name: string
  readonly words: ReadonlySet<string>
  readonly rights: ReadonlySet<Right>
}

const named = (all: readonly Action<string>[]): readonly Named[] =>
  all.map((action) => {
    const words = new Set(variantsOf(action).flatMap((variant) => Object.values(variant.rights)))
    return {
      name: action.name,
      words,
      rights: new Set([...wordRights([action]).values()].flatMap((each) => [...each])),
    }
  })

const clouds = {
  huawei: {
    all: named([...actions, ...iamActions] as readonly Action<string>[]),
    words: wordRights([...actions, ...iamActions]),
  },
  tencent: { all: named(everyAction as readonly Action<string>[]), words: wordRights(everyAction) },
}
type Cloud = keyof typeof clouds
const other: Readonly<Record<Cloud, Cloud>> = { huawei: 'tencent', tencent: 'huawei' }

/** The rights that a deny of the action's words reaches. */
const reachedBy = (cloud: Cloud, { words }: Pick<Named, 'words'>): ReadonlySet<Right> =>
  new Set([...words].flatMap((word) => [...(clouds[cloud].words.get(word) ?? [])]))

const identity = (Action: readonly string[]) => ({ Version: '5.0', Statement: [{ Effect: 'Deny', Action }] })
const role = (Action: readonly string[]) => ({ Version: '1.1', Statement: [{ Effect: 'Deny', Action }] })
const cam = (action: readonly string[]) => ({ version: '2.0', statement: [{ effect: 'deny', action, resource: '*' }] })

interface Denied {
  readonly cloud: Cloud
  /** What is denied, and how it is written. */
  readonly name: string
  readonly document: object
  readonly reached: ReadonlySet<Right>
}

/** Each action in each language of its cloud: by the word of role policies, where there is one, beside the declared ones. */
const denials: readonly Denied[] = [
  ...clouds.tencent.all.map((action): Denied => {
    const reached = reachedBy('tencent', action)
    return { cloud: 'tencent', name: action.name, document: cam([...action.words]), reached }
  }),
  ...clouds.huawei.all.map((action): Denied => {
    const reached = reachedBy('huawei', action)
    return { cloud: 'huawei', name: action.name, document: identity([...action.words]), reached }
  }),
  ...[...roleWords([...actions, ...iamActions])].map(([word, declared]): Denied => {
    const reached = reachedBy('huawei', { words: declared })
    return { cloud: 'huawei', name: `${word} of role policies`, document: role([word]), reached }
  }),
]

interface User {
  readonly uin: string
  readonly keys: Readonly<Record<Cloud, AccessKey>>
}

const everything = { kind: '*', region: '*', creator: '*', id: '*' }

/** Who may do everything. */
const newUser = async (): Promise<User> => {
  const policies = [{ statements: [{ effect: 'allow', rights, resources: [everything] }] }]
  const uin = await addPrincipal(keystead, { policies })
  const key = (dialect: Cloud) => addAccessKey(keystead, { principal: uin, dialect })
  return { uin, keys: { huawei: await key('huawei'), tencent: await key('tencent') } }
}

const ask = (cloud: Cloud, { keys }: User, name: string, right: Right): Promise<string> => {
  const { secretId, secretKey } = keys[cloud]
  return cloud === 'tencent'
    ? askTencent(keystead, name, keys.tencent)
    : askHuawei(keystead, name, right, { accessKey: secretId, secretKey })
}

/** Every action of the other cloud that reaches one of the rights, and by which. */
const reaching = (cloud: Cloud, reached: ReadonlySet<Right>): readonly (readonly [name: string, right: Right])[] =>
  clouds[cloud].all.flatMap(({ name, rights: own }) =>
    [...own].filter((right) => reached.has(right)).map((right) => [name, right] as const),
  )

const pairs = denials.flatMap((denied) => {
  const through = reaching(other[denied.cloud], denied.reached)
  return through.length === 0 ? [] : [{ ...denied, through }]
})

describe('a deny in the words of one cloud', () => {
  it.each(pairs)('$cloud: $name denies through the other', async ({ cloud, document, through }) => {
    const user = await newUser()
    const policy = { name: 'deny', language: cloud, document: JSON.stringify(document) }
    await administer(keystead.folder, 'policy-attach', { user: user.uin, ...policy })
    for (const [name, right] of through)
      expect([name, right, await ask(other[cloud], user, name, right)]).toEqual([name, right, 'denied'])
  })

  it('takes from nobody whom it does not speak of: without it every one of these calls is let through', async () => {
    const user = await newUser()
    const asked = new Map(
      pairs.flatMap(({ cloud, through }) =>
        through.map(([name, right]) => [`${other[cloud]} ${name} ${right}`, [other[cloud], name, right] as const]),
      ),
    )
    expect(asked.size).toBeGreaterThan(60)
    for (const [cloud, name, right] of asked.values())
      expect([cloud, name, right, await ask(cloud, user, name, right)]).not.toEqual([cloud, name, right, 'denied'])
  })
})

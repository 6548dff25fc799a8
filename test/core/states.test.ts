import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseSealed } from '../../src/core/ciphertext.ts'
import { noContext } from '../../src/core/context.ts'
import { Refusal } from '../../src/core/failure.ts'
import type { Key } from '../../src/core/object.ts'
import type { Operation, Targets } from '../../src/core/operation.ts'
import { modifyDescription, rename } from '../../src/core/operations/attributes.ts'
import { dayMs } from '../../src/core/operations/create.ts'
import { decrypt, encrypt, generateDataKey, reEncrypt } from '../../src/core/operations/cryptography.ts'
import { describe as describeKeys } from '../../src/core/operations/describe.ts'
import { deleteMaterial, dropMaterial, importMaterial } from '../../src/core/operations/import.ts'
import { prepareImport } from '../../src/core/operations/import-ticket.ts'
import {
  cancelDestruction,
  deactivate,
  destroy,
  reactivate,
  resume,
  scheduleDestruction,
  suspend,
} from '../../src/core/operations/lifecycle.ts'
import { type State, type StateFacts, stateOf, states } from '../../src/core/state.ts'
import { openHouse, type TestHouse } from './house.ts'

const now = 1_750_000_000_000
const facts: StateFacts = {
  destroyAt: null,
  materialPresent: true,
  materialExpiresAt: null,
  deactivated: false,
  suspended: false,
}

describe('the state of a key', () => {
  const cases: [string, Partial<StateFacts>, State][] = [
    ['is active without any fact', {}, 'active'],
    ['is suspended', { suspended: true }, 'suspended'],
    ['is deactivated, suspended or not', { deactivated: true, suspended: true }, 'deactivated'],
    ['is pre-active without material, whatever else', { materialPresent: false, deactivated: true }, 'preActive'],
    ['is pre-active at the end of its material', { materialExpiresAt: now }, 'preActive'],
    ['is not pre-active a millisecond before that end', { materialExpiresAt: now + 1 }, 'active'],
    ['is scheduled, whatever its material', { destroyAt: now + 1, materialPresent: false }, 'destructionScheduled'],
    ['is destroyed at the date itself', { destroyAt: now, suspended: true }, 'destroyed'],
    ['is destroyed at a date in 1970 too', { destroyAt: 0 }, 'destroyed'],
  ]
  for (const [name, over, state] of cases) test(name, () => expect(stateOf({ ...facts, ...over }, now)).toBe(state))

  test('is told by the strongest fact, for every combination of facts', () => {
    const times = [null, now - 1, now, now + 1]
    const flags = [true, false]
    let seen = 0
    for (const destroyAt of times)
      for (const materialExpiresAt of times)
        for (const materialPresent of flags)
          for (const deactivated of flags)
            for (const suspended of flags) {
              const usable = materialPresent && (materialExpiresAt === null || materialExpiresAt > now)
              const withoutDate: State = !usable
                ? 'preActive'
                : deactivated
                  ? 'deactivated'
                  : suspended
                    ? 'suspended'
                    : 'active'
              const expected =
                destroyAt === null ? withoutDate : destroyAt <= now ? 'destroyed' : 'destructionScheduled'
              expect(stateOf({ destroyAt, materialExpiresAt, materialPresent, deactivated, suspended }, now)).toBe(
                expected,
              )
              seen += 1
            }
    expect(seen).toBe(128)
  })
})

/** Facts that put an imported key into a state. */
const into = (state: State, at: number): Partial<Key> =>
  ({
    preActive: { materialPresent: false },
    active: {},
    suspended: { suspended: true },
    deactivated: { deactivated: true },
    destructionScheduled: { destroyAt: at + dayMs },
    destroyed: { destroyAt: at - dayMs },
  })[state]

interface Prepared {
  readonly house: TestHouse
  readonly key: Key
  readonly ciphertext: Uint8Array
  readonly import: { token: Uint8Array; wrapped: Uint8Array }
}

/** An imported key with material, a ciphertext and an open import, which is then put into the state. */
const prepared = async (state: State): Promise<Prepared> => {
  const house = openHouse()
  const key = await house.key({ origin: 'imported' })
  const { ciphertext } = await house.ok(encrypt, { keyId: key.id, plaintext: new Uint8Array(4), context: noContext })
  const ticket = await house.ok(prepareImport, { keyId: key.id, padding: 'oaepSha256' })
  const publicKey = createPublicKey({ key: Buffer.from(ticket.publicKey), format: 'der', type: 'spki' })
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  const wrapped = publicEncrypt({ key: publicKey, ...padding }, Buffer.alloc(32, 9))
  const moved = { ...key, ...into(state, house.clock.now()) }
  house.store.set(moved)
  return { house, key: moved, ciphertext, import: { token: ticket.token, wrapped } }
}

// biome-ignore lint/suspicious/noExplicitAny: the table below holds operations of every type.
type Any = Operation<any, Targets, any, any>
type Row = readonly [
  Any,
  (prepared: Prepared) => unknown,
  /** In the order of `states`, without destroyed: the state after, `=` for the same key as before, `-` for refused. */
  readonly (State | '=' | '-')[],
  /** The members that may differ afterwards. */
  ...(keyof Key)[],
]

const one = ({ key }: Prepared) => ({ keyId: key.id })
const many = ({ key }: Prepared) => ({ keyIds: [key.id] })
const sealedOf = ({ ciphertext }: Prepared) => ({ sealed: parseSealed(ciphertext), context: noContext })
const contexts = { sourceContext: noContext, destinationContext: noContext }

const table: readonly Row[] = [
  // preActive, active, suspended, deactivated, destructionScheduled
  [describeKeys, many, ['=', '=', '=', '=', '=']],
  [encrypt, (of) => ({ ...one(of), plaintext: new Uint8Array(1), context: noContext }), ['-', '=', '-', '-', '-']],
  [generateDataKey, (of) => ({ ...one(of), bytes: 32, context: noContext }), ['-', '=', '-', '-', '-']],
  [decrypt, sealedOf, ['-', '=', '-', '=', '-']],
  [reEncrypt, (of) => ({ ...sealedOf(of), ...contexts }), ['-', '=', '-', '-', '-']],
  [resume, many, ['-', '=', 'active', '-', '-'], 'suspended'],
  [suspend, many, ['-', 'suspended', '=', '-', '-'], 'suspended'],
  [deactivate, one, ['-', 'deactivated', 'deactivated', '=', '-'], 'suspended', 'deactivated'],
  [reactivate, one, ['-', '-', '-', 'active', '-'], 'deactivated'],
  [
    scheduleDestruction,
    (of) => ({ ...one(of), days: 7 }),
    ['destructionScheduled', 'destructionScheduled', 'destructionScheduled', 'destructionScheduled', '-'],
    'destroyAt',
  ],
  [cancelDestruction, one, ['-', '-', '-', '-', 'suspended'], 'destroyAt', 'suspended'],
  [rename, (of) => ({ ...one(of), name: 'n' }), ['preActive', 'active', 'suspended', 'deactivated', '-'], 'name'],
  [
    modifyDescription,
    (of) => ({ ...one(of), description: 'd' }),
    ['preActive', 'active', 'suspended', 'deactivated', '-'],
    'description',
  ],
  [prepareImport, (of) => ({ ...one(of), padding: 'pkcs1' }), ['=', '=', '=', '=', '=']],
  [
    importMaterial,
    (of) => ({ ...one(of), ...of.import, expiresAt: null }),
    ['active', 'active', '-', '-', '-'],
    'materialPresent',
    'materialDigest',
  ],
  [deleteMaterial, one, ['-', 'preActive', 'preActive', '-', '-'], 'materialPresent', 'suspended'],
]

/** Each failure once: a key that is source and destination is refused for both. */
const reasonsOf = (result: unknown) =>
  result instanceof Refusal ? [...new Map(result.failures.map((one) => [JSON.stringify(one), one])).values()] : result

const without = (key: Key | undefined, members: readonly (keyof Key)[]) =>
  Object.fromEntries(Object.entries(key ?? {}).filter(([name]) => ![...members, 'revision'].includes(name as 'id')))

describe.each(states.filter((state) => state !== 'destroyed'))('in state %s', (state) => {
  const column = states.indexOf(state)
  test.each(table.map((row) => [row[0].name, ...row] as const))('%s does what the table says', async (...row) => {
    const [, operation, requestOf, after, ...members] = row
    const expected = after[column]
    const ready = await prepared(state)
    const { house, key } = ready
    const asked = house.ask(operation, requestOf(ready))
    const result = await asked
    if (expected === '-') expect(reasonsOf(result)).toEqual([{ reason: 'wrongKeyLifecycleState', kind: 'key', state }])
    else expect(result).not.toBeInstanceOf(Refusal)

    const row2 = house.store.get('key', key.id)
    if (expected === '-' || expected === '=') expect(row2).toEqual(key)
    else {
      expect(row2 && stateOf(row2, house.clock.now())).toBe(expected)
      expect(row2?.revision).toBe(key.revision + 1)
      expect(without(row2, members)).toEqual(without(key, members))
    }
  })
})

describe('a key whose destruction date has passed', () => {
  test.each(table.map((row) => [row[0].name, ...row] as const))('is not found by %s', async (...row) => {
    const [, operation, requestOf] = row
    const ready = await prepared('destroyed')
    const failures = await ready.house.refused(operation, requestOf(ready))
    expect(new Set(failures.map(({ reason }) => reason))).toEqual(new Set(['objectNotFound']))
    expect(ready.house.store.get('key', ready.key.id)).toEqual(ready.key)
  })

  test('is gone at the date itself and there a moment before', async () => {
    const { house, key } = await prepared('active')
    await house.ok(scheduleDestruction, { keyId: key.id, days: 7 })
    house.clock.pass(7 * dayMs - 5_000)
    expect(await house.ok(describeKeys, { keyIds: [key.id] })).toHaveLength(1)
    house.clock.pass(5_000)
    expect(await house.refused(cancelDestruction, { keyId: key.id })).toEqual([
      { reason: 'objectNotFound', kind: 'key' },
    ])
  })
})

describe('material whose end has passed', () => {
  test('leaves a pre-active key, although the wrapped bytes are still there', async () => {
    const { house, key, ciphertext } = await prepared('active')
    house.store.set({ ...key, materialExpiresAt: house.clock.now() + dayMs })
    await house.ok(decrypt, { sealed: parseSealed(ciphertext)!, context: noContext })
    house.clock.pass(dayMs)
    for (const operation of [suspend, resume])
      expect(await house.refused(operation, { keyIds: [key.id] })).toEqual([
        { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'preActive' },
      ])
    expect(await house.refused(decrypt, { sealed: parseSealed(ciphertext)!, context: noContext })).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'preActive' },
    ])
    expect(house.store.get('keyVersion', `${key.id}.1`)?.wrapped).not.toBeNull()
  })
})

describe("the system's own", () => {
  const system = (house: TestHouse) => ({ caller: house.caller({ reach: 'everything', dialect: 'system' }) })

  test.each(states)('destroy, in state %s, removes the key only once it is destroyed', async (state) => {
    const { house, key } = await prepared(state)
    const result = await house.ask(destroy, { keyId: key.id }, system(house))
    if (state === 'destroyed') {
      expect(result).toBeUndefined()
      expect(house.store.get('key', key.id)).toBeUndefined()
    } else {
      expect(result).toMatchObject({ failures: [{ reason: 'wrongKeyLifecycleState', kind: 'key', state }] })
      expect(house.store.get('key', key.id)).toEqual(key)
    }
  })

  test.each(states)('dropMaterial, in state %s, waits for the end of the material', async (state) => {
    const { house, key } = await prepared(state)
    for (const materialExpiresAt of [null, house.clock.now() + dayMs]) {
      house.store.set({ ...key, materialExpiresAt })
      expect(await house.refused(dropMaterial, { keyId: key.id }, system(house))).toMatchObject([
        { reason: 'wrongKeyLifecycleState' },
      ])
    }
    house.store.set({ ...key, materialPresent: true, materialExpiresAt: house.clock.now() })
    await house.ok(dropMaterial, { keyId: key.id }, system(house))
    expect(house.store.get('key', key.id)).toMatchObject({ materialPresent: false, materialExpiresAt: null })
    expect(house.store.get('keyVersion', `${key.id}.1`)?.wrapped).toBeNull()
  })
})

test('an operation on imported material refuses a generated key in every state', async () => {
  for (const state of states.filter((one) => one !== 'destroyed'))
    for (const operation of [deleteMaterial, prepareImport, importMaterial] as readonly Any[]) {
      const ready = await prepared(state)
      ready.house.store.set({ ...ready.key, origin: 'generated' })
      const request = { keyId: ready.key.id, padding: 'pkcs1', ...ready.import, expiresAt: null }
      expect(await ready.house.refused(operation, request)).toContainEqual({ reason: 'notImported' })
    }
})

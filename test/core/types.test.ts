/** What must not compile: each line here fails the type check the day that it does. */
import { expect, test } from 'vitest'
import type { ErrorTable } from '../../src/contract/errors.ts'
import { type Failure, refuse } from '../../src/core/failure.ts'
import type { Key, KeyVersion, WrappedKey } from '../../src/core/object.ts'
import { change, look, use } from '../../src/core/operation.ts'
import { keyTarget } from '../../src/core/operations/target.ts'
import type { Effect, RootKey } from '../../src/core/ports.ts'

const common = {
  name: 'n',
  summary: 's',
  rights: { key: 'encrypt' as const },
  targets: () => ({ key: keyTarget('k') }),
}
declare const key: Key
declare const bytes: Uint8Array
declare const wrapped: WrappedKey

test('an operation of mode use or look has no effects to give', () => {
  const parts = { ...common, prepare: () => {}, decide: () => ({ result: 1, effects: [] as Effect[] }) }
  // @ts-expect-error cryptography decides nothing
  use(parts)
  // @ts-expect-error a list decides nothing
  look(parts)
  // @ts-expect-error and it cannot pass for one by saying another mode
  use({ ...common, mode: 'change', run: () => 1 })
  expect(change(parts).mode).toBe('change')
})

test('a change does not run, it decides', () => {
  // @ts-expect-error it has no run
  change({ ...common, run: () => 1 })
  // @ts-expect-error a decision without effects is spelled with an empty list
  change({ ...common, prepare: () => {}, decide: () => ({ result: 1 }) })
  expect(use({ ...common, run: () => 1 }).mode).toBe('use')
})

test('an operation is handed the targets that it names and no others', () => {
  const named = use({ ...common, run: ({ at }) => at.key.key.id })
  // @ts-expect-error it names no target of this name
  use({ ...common, run: ({ at }) => at.other })
  // @ts-expect-error and no right that does not exist
  use({ ...common, rights: { key: 'encrpyt' }, run: () => 1 })
  // @ts-expect-error nor a state
  keyTarget('k', { states: ['enabled'] })
  expect(named.name).toBe('n')
})

test('a row takes no bytes as wrapped material that the keyring did not wrap', () => {
  type Material = Pick<KeyVersion, 'wrapped'>
  // @ts-expect-error any bytes could be the key itself
  const plain = (): Material => ({ wrapped: bytes })
  const right = (): Material => ({ wrapped })
  // @ts-expect-error the root key gives raw bytes, and those are no wrapped ones
  const raw = (root: RootKey): WrappedKey | undefined => root.material('', 1)
  expect([plain, right, raw]).toHaveLength(3)
})

test('a row does not change once it was read', () => {
  const move = () => {
    // @ts-expect-error an update is a new row put over the old one
    key.suspended = true
  }
  // @ts-expect-error a put is over a row of the same kind
  const put = (over: KeyVersion): Effect => ({ put: key, over })
  expect([move, put]).toHaveLength(2)
})

test('a table of errors with a reason forgotten, unknown, or a code of another cloud is none', () => {
  type Rest = Omit<ErrorTable<'A' | 'B'>, 'conflict'>
  // @ts-expect-error a reason is forgotten
  const forgotten = (rest: Rest): ErrorTable<'A' | 'B'> => rest
  // @ts-expect-error a code that the cloud does not have
  const foreign = (rest: Rest): ErrorTable<'A' | 'B'> => ({ ...rest, conflict: 'C' })
  const right = (rest: Rest): ErrorTable<'A' | 'B'> => ({ ...rest, conflict: () => 'B' })
  expect([forgotten, foreign, right]).toHaveLength(3)
})

test('a failure carries its facts and nothing else', () => {
  const failures: Failure[] = [{ reason: 'cryptographicFailure' }]
  // @ts-expect-error which of the ways it failed would be an oracle
  failures.push({ reason: 'cryptographicFailure', why: 'the tag' })
  // @ts-expect-error the state is what the clouds choose their code by
  failures.push({ reason: 'wrongKeyLifecycleState' })
  // @ts-expect-error a reason of nobody
  refuse({ reason: 'other' })
  expect(failures).toHaveLength(3)
})

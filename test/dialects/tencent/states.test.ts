/** Every action in every state, by the vendor's table: no cell is left out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeDataKey } from '../../harness/data-keys.ts'
import { bringInto, createKey, type KeyState, stateOf } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { whiteBoxStateOf } from '../../harness/white-box.ts'
import vendor from '../../vendor/tencent.json' with { type: 'json' }
import {
  enabledSubject,
  isAboutDataKeys,
  isAboutWhiteBoxKeys,
  isSymmetric,
  members,
  type Subject,
  subjectIn,
} from './subjects.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

interface Row {
  readonly state: string
  readonly allowed: boolean
  readonly resultingState?: string
  readonly error?: string
}

const saying = ({ state, allowed, resultingState, error }: Row) =>
  `${state}: ${allowed ? `allowed, then ${resultingState}` : error}`

/** Of what was deleted; a test of its own looks for it. */
const gone = '(gone)'

const stateAfter = async (action: string, { KeyId, DataKeyId }: Subject): Promise<string> => {
  if (isAboutWhiteBoxKeys(action)) return whiteBoxStateOf(keystead, KeyId)
  return DataKeyId ? (await describeDataKey(keystead, DataKeyId)).KeyState : stateOf(keystead, KeyId)
}

type Ask = (subject: Subject) => Promise<Members>

const check = async (action: string, row: Row, ask: Ask = (subject) => members(keystead, action, subject)) => {
  const subject = await subjectIn(keystead, action, row.state as KeyState)
  const { code } = await keystead.call(action, await ask(subject))
  expect(code).toBe(row.allowed ? undefined : row.error)
  if (row.resultingState === gone) return
  expect(await stateAfter(action, subject)).toBe(row.allowed ? row.resultingState : row.state)
}

const actions = Object.entries(vendor.actions) as [string, { states: Row[]; sourceStates?: Row[] }][]
/** Only imported keys are ever PendingImport, and those are symmetric: some of the vendor's rows are about no key. */
const canBe = (action: string, { state }: Row) => state !== 'PendingImport' || isSymmetric(action)

const withStates = actions
  .filter(([, { states }]) => states.length > 0)
  .map(([action, { states }]) => [action, { states: states.filter((row) => canBe(action, row)) }] as const)

describe.each(withStates)('%s', (action, { states }) => {
  test.each(states.map((row) => [saying(row), row] as const))('%s', (_saying, row) => check(action, row))
})

const sourceStates = vendor.actions.ReEncrypt.sourceStates.map((row: Row) => [saying(row), row] as const)

describe('ReEncrypt of a blob whose key is', () => {
  test.each(sourceStates)('%s', (_saying, row) =>
    check('ReEncrypt', row, async ({ CiphertextBlob }) => {
      const { KeyId } = await enabledSubject(keystead)
      return { CiphertextBlob, DestinationKeyId: KeyId }
    }),
  )
})

/** How many states what an action is about can be in. */
const statesFor = (action: string): number => {
  if (isAboutWhiteBoxKeys(action)) return 2
  if (isAboutDataKeys(action)) return 3
  return isSymmetric(action) ? 5 : 4
}

test('the table has every state for every action that names a key or a data key, and none for the others', () => {
  const stateless = actions.filter(([, { states }]) => states.length === 0).map(([action]) => action)
  expect(stateless.sort()).toEqual([
    'CreateKey',
    'CreateWhiteBoxKey',
    'DescribeWhiteBoxKeyDetails',
    'DescribeWhiteBoxServiceStatus',
    'GenerateRandom',
    'GetRegions',
    'GetServiceStatus',
    'ListAlgorithms',
    'ListDataKeyDetail',
    'ListDataKeys',
    'ListKeyDetail',
    'ListKeys',
  ])
  for (const [action, { states }] of withStates)
    expect(new Set(states.map(({ state }) => state)).size, action).toBe(statesFor(action))
})

test('a key whose deletion is cancelled waits for material where it has none', async () => {
  const KeyId = await createKey(keystead, { Type: 2 })
  await keystead.ok('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  await keystead.ok('CancelKeyDeletion', { KeyId })
  expect(await stateOf(keystead, KeyId)).toBe('PendingImport')
})

test('an archived key whose deletion is cancelled is disabled, and enabled again by one call', async () => {
  const KeyId = await createKey(keystead)
  await bringInto(keystead, KeyId, 'Archived')
  await keystead.ok('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 30 })
  await keystead.ok('CancelKeyDeletion', { KeyId })
  expect(await stateOf(keystead, KeyId)).toBe('Disabled')
  await keystead.ok('EnableKey', { KeyId })
  expect(await stateOf(keystead, KeyId)).toBe('Enabled')
})

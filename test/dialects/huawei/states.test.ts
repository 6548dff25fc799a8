/**
 * Every call on a key, in every state: no cell is left out. A call that is added to the dialect is added here as a row,
 * and a call that is about no key to the list below the table; a test holds both to the calls that there are.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actions } from '../../../src/dialects/huawei/actions.ts'
import { huaweiCall } from '../../harness/huawei.ts'
import { type HuaweiState, makeImported, makeKey, moveInto, stateOfKey } from '../../harness/huawei-keys.ts'
import { newAlias } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

/** `=`: allowed, and the key stays as it is; a state: allowed, and the key is in it then; a code: refused. */
type Cell = '=' | HuaweiState | `KMS.${number}`

interface Row {
  readonly call: string
  readonly members?: (key_id: string) => Members | Promise<Members>
  /** What create-key is told; without it, an AES_256 key of the origin below. */
  readonly made?: Members
  /** external: with imported material in every state but `5`, where it has none. */
  readonly origin?: 'kms' | 'external'
  /** Enabled, disabled, pending deletion, pending import, archived (by the other cloud). */
  readonly cells: readonly [Cell, Cell, Cell, Cell, Cell]
}

const columns: readonly HuaweiState[] = ['2', '3', '4', '5', 'archived']
const same = { cells: ['=', '=', '=', '=', '='] } as const

const table: Readonly<Record<string, Row>> = {
  EnableKey: { call: 'POST kms/enable-key', cells: ['KMS.1201', '2', 'KMS.1201', 'KMS.1201', '2'] },
  DisableKey: { call: 'POST kms/disable-key', cells: ['3', 'KMS.1301', 'KMS.1301', 'KMS.1301', 'KMS.1301'] },
  DeleteKey: {
    call: 'POST kms/schedule-key-deletion',
    members: () => ({ pending_days: '7' }),
    cells: ['4', '4', 'KMS.1402', '4', '4'],
  },
  CancelKeyDeletion: {
    call: 'POST kms/cancel-key-deletion',
    cells: ['KMS.1501', 'KMS.1501', '3', 'KMS.1501', 'KMS.1501'],
  },
  UpdateKeyAlias: {
    call: 'POST kms/update-key-alias',
    members: () => ({ key_alias: newAlias() }),
    cells: ['=', '=', 'KMS.0210', '=', '='],
  },
  UpdateKeyDescription: {
    call: 'POST kms/update-key-description',
    members: () => ({ key_description: 'described anew' }),
    cells: ['=', '=', 'KMS.0210', '=', '='],
  },
  ListKeyDetail: { call: 'POST kms/describe-key', ...same },
}

/** Calls that are about no key, or about all of them. */
const stateless = ['CreateKey', 'CreateRandom', 'ListKeys', 'ShowUserInstances', 'ShowUserQuotas']

const keyIn = async ({ made = {}, origin = 'kms' }: Row, state: HuaweiState): Promise<string> => {
  if (state === '5') return makeKey(keystead, { ...made, origin: 'external' })
  const key_id = origin === 'external' ? await makeImported(keystead) : await makeKey(keystead, made)
  await moveInto(keystead, key_id, state)
  return key_id
}

const check = async (row: Row, state: HuaweiState, cell: Cell): Promise<void> => {
  const key_id = await keyIn(row, state)
  const { status, code } = await huaweiCall(keystead, row.call, { key_id, ...(await row.members?.(key_id)) })
  const refused = cell.startsWith('KMS.')
  expect(code).toBe(refused ? cell : undefined)
  if (!refused) expect(status).toBeLessThan(300)
  expect(await stateOfKey(keystead, key_id)).toBe(refused || cell === '=' ? state : cell)
}

describe.each(Object.entries(table))('%s', (_name, row) => {
  test.each(columns.map((state, at) => [state, row.cells[at] as Cell] as const))('in state %s: %s', (state, cell) =>
    check(row, state, cell),
  )
})

test('the table has every call that there is, or says that it is about no key', () => {
  expect([...Object.keys(table), ...stateless].sort()).toEqual(actions.map(({ name }) => name).sort())
})

test('a key that waits for its material and is to be deleted waits again when that is cancelled', async () => {
  const key_id = await makeKey(keystead, { origin: 'external' })
  await moveInto(keystead, key_id, '4')
  await huaweiCall(keystead, 'POST kms/cancel-key-deletion', { key_id })
  expect(await stateOfKey(keystead, key_id)).toBe('5')
})

test('an archived key whose deletion is cancelled is disabled for both clouds', async () => {
  const key_id = await makeKey(keystead)
  await moveInto(keystead, key_id, 'archived')
  await moveInto(keystead, key_id, '4')
  await huaweiCall(keystead, 'POST kms/cancel-key-deletion', { key_id })
  expect(await stateOfKey(keystead, key_id)).toBe('3')
})

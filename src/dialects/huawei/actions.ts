/** Every call that is served; its route is in `vendor.ts` under the same name. */
import type { Action } from '../../contract/action.ts'
import { CancelKeyDeletion } from './actions/cancel-key-deletion.ts'
import { CreateKey } from './actions/create-key.ts'
import { ListKeyDetail } from './actions/list-key-detail.ts'
import type { Code } from './codes.ts'

export const actions: readonly Action<Code>[] = [CancelKeyDeletion, CreateKey, ListKeyDetail]

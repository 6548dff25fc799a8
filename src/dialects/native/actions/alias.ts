import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { aliasText } from '../../../core/key-name.ts'
import type { Alias } from '../../../core/object.ts'
import { createAlias, deleteAliases, listAliases, moveAlias } from '../../../core/operations/aliases.ts'
import { action } from '../action.ts'
import { isoOf, time } from '../fields.ts'
import { keyRef } from '../key-fields.ts'
import { cursorOf, limitOf, next, pageMembers, placeOf } from '../paging.ts'

const common = { evidence: inferred('ours') }
const name = text({ pattern: /^[0-9A-Za-z/_-]{1,255}$/ }).describe('The alias, unique in the account and region.')
const record = z.object({ name: z.string(), key: z.string(), createdAt: time, updatedAt: time })

const shown = ({ name: alias, key, createdAt, updatedAt }: Alias) => ({
  name: alias,
  key,
  createdAt: isoOf(createdAt),
  updatedAt: isoOf(updatedAt),
})

export const AliasCreate = action({
  ...common,
  name: 'alias-create',
  rights: { key: 'alias:create' },
  summary: 'Give a key an alias.',
  request: { name, key: keyRef },
  response: { alias: record },
  operation: createAlias,
  toCore: ({ name: alias, key: keyId }) => ({ keyId, name: alias, written: alias }),
  fromCore: (alias) => ({ alias: shown(alias) }),
})

export const AliasMove = action({
  ...common,
  name: 'alias-move',
  rights: { from: 'alias:move', to: 'alias:move' },
  summary: 'Let an alias name another key.',
  request: { name, key: keyRef },
  response: { alias: record },
  operation: moveAlias,
  toCore: ({ name: alias, key: keyId }) => ({ name: alias, keyId }),
  fromCore: (alias) => ({ alias: shown(alias) }),
})

export const AliasDelete = action({
  ...common,
  name: 'alias-delete',
  rights: { key: 'alias:delete' },
  summary: 'Take an alias from its key.',
  request: { name },
  response: {},
  operation: deleteAliases,
  toCore: ({ name: alias }) => ({ keyId: aliasText(alias), names: [alias] }),
  fromCore: () => ({}),
})

export const AliasList = action({
  ...common,
  name: 'alias-list',
  rights: { place: 'alias:list', key: 'alias:list' },
  summary: 'List the aliases of the region, or of one key, by name.',
  request: { key: keyRef.optional(), ...pageMembers },
  response: { aliases: z.array(record), next },
  operation: listAliases,
  toCore(asked, { place }) {
    const after = placeOf(asked)
    if (after instanceof Refusal) return after
    return { at: place, ...(asked.key === undefined ? {} : { keyId: asked.key }), after, limit: limitOf(asked) }
  },
  fromCore({ aliases, more }) {
    const last = aliases.at(-1)
    return { aliases: aliases.map(shown), next: more && last ? cursorOf(last.name) : null }
  },
})

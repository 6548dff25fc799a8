/** What a key is called and what is said of it. Neither takes anything away, so nobody waits for it to be seen. */
import { change } from '../operation.ts'
import { keyName } from './create.ts'
import { beforeDestruction, keyTarget } from './target.ts'

export const rename = change({
  name: 'rename',
  summary: 'Give a key another name, unique in its account and region.',
  rights: { key: 'rename' },
  targets: ({ keyId }: { keyId: string; name: string }) => ({
    key: keyTarget(keyId, { states: beforeDestruction }),
  }),
  prepare: () => {},
  decide({ at }, { name }) {
    const { key } = at.key
    if (key.name === name) return { result: undefined, effects: [] }
    const put = { ...key, name }
    return {
      result: undefined,
      effects: [{ put, over: key, claim: keyName(put), release: keyName(key) }],
    }
  },
})

export const modifyDescription = change({
  name: 'modifyDescription',
  summary: 'Describe a key anew.',
  rights: { key: 'modifyDescription' },
  targets: ({ keyId }: { keyId: string; description: string }) => ({
    key: keyTarget(keyId, { states: beforeDestruction }),
  }),
  prepare: () => {},
  decide({ at }, { description }) {
    const { key } = at.key
    if (key.description === description) return { result: undefined, effects: [] }
    return { result: undefined, effects: [{ put: { ...key, description }, over: key }] }
  },
})

interface RelabelRequest {
  readonly keyId: string
  readonly name?: string
  readonly description?: string
}

export const relabel = change({
  name: 'relabel',
  summary: 'Give a key another name, another description, or both at once.',
  rights: { named: 'rename', described: 'modifyDescription' },
  targets: ({ keyId, name, description }: RelabelRequest) => ({
    named: name === undefined ? [] : [keyTarget(keyId, { states: beforeDestruction })],
    described: description === undefined ? [] : [keyTarget(keyId, { states: beforeDestruction })],
  }),
  prepare: () => {},
  decide({ at }, { name, description }) {
    const key = (at.named[0] ?? at.described[0])?.key
    if (!key) return { result: undefined, effects: [] }
    const put = { ...key, name: name ?? key.name, description: description ?? key.description }
    if (put.name === key.name && put.description === key.description) return { result: undefined, effects: [] }
    const names = put.name === key.name ? {} : { claim: keyName(put), release: keyName(key) }
    return { result: undefined, effects: [{ put, over: key, ...names }] }
  },
})

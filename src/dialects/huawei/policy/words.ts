/** The words of role policies (version 1.1) and of identity policies (5.0), from the declared actions and the vendor's list. */

import type { Action } from '../../../contract/action.ts'
import { variantsOf } from '../../../contract/action.ts'
import type { Worded } from '../../../contract/word-rights.ts'
import { vendorActions } from '../vendor.ts'
import type { Spelling } from './action.ts'

/** Documented words of identity policies, also of calls that are not offered: a policy may name them. */
const documented = `
kms:cmk:create kms:cmk:enable kms:cmk:disable kms:cmk:list kms:cmk:get kms:cmk:getInstance kms:cmk:getQuota
kms::generateRandom kms:cmk:createDataKey kms:cmk:createDataKeyWithoutPlaintext kms:cmk:encryptDataKey
kms:cmk:decryptDataKey kms:cmk:createDataKeyPair kms:cmk:encryptData kms:cmk:decryptData kms:cmk:generateMac
kms:cmk:verifyMac kms:cmk:getMaterial kms:cmk:importMaterial kms:cmk:deleteMaterial kms:cmk:enableRotation
kms:cmk:disableRotation kms:cmk:updateRotation kms:cmk:getRotation kms:cmk:rotateOnDemand kms:cmk:retireGrant
kms:cmk:replicate kms:cmk:createDatakeyCapsule kms:cmk:decryptDatakeyCapsule kms:alias:create kms:alias:delete
kms:alias:list kms:alias:associate kms:accessPoint:create kms:accessPoint:list kms:accessPoint:enable kms:policy:get
kms:policy:update kms:policy:delete
`
  .trim()
  .split(/\s+/)

/** Words of role policies that older documents have, and the call that each is for. */
const older: Readonly<Record<string, string>> = {
  'kms:dek:encrypt': 'EncryptDatakey',
  'kms:dek:decrypt': 'DecryptDatakey',
}

type Named = Worded & { readonly name: string }

const declaredOf = (action: Named): readonly string[] =>
  variantsOf(action as Action<string>).flatMap(({ rights }) => Object.values(rights))

const add = (spelling: Map<string, Set<string>>, word: string, declared: readonly string[]): void => {
  const known = spelling.get(word) ?? new Set()
  for (const one of declared) known.add(one)
  spelling.set(word, known)
}

/** Each stands for itself. */
export const identityWords = (actions: readonly Named[]): Spelling =>
  new Map([...documented, ...actions.flatMap(declaredOf)].map((word) => [word, new Set([word])]))

/** Calls for which no word is published are named by the one of identity policies. */
export const roleWords = (actions: readonly Named[]): Spelling => {
  const words = new Map(vendorActions.map(({ name, roleWord }) => [name, roleWord]))
  const spelling = new Map<string, Set<string>>()
  for (const { roleWord } of vendorActions) if (roleWord !== undefined) add(spelling, roleWord, [])
  for (const action of actions) {
    const declared = declaredOf(action)
    const word = words.get(action.name)
    if (word === undefined) for (const one of declared) add(spelling, one, [one])
    else add(spelling, word, declared)
  }
  for (const [word, name] of Object.entries(older))
    add(spelling, word, actions.filter((action) => action.name === name).flatMap(declaredOf))
  return spelling
}

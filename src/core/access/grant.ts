/** Grants: what a key itself lets a caller do. They add to policies, and a deny of a policy is stronger. */
import type { Grant, Key, Party } from '../object.ts'
import type { Caller } from './caller.ts'
import type { Right } from './right.ts'

/** The most grants of one key. */
export const grantsMax = 100

export const isParty = ({ of, by, id }: Party, caller: Caller): boolean => id !== '' && caller[of].external[by] === id

/** Who may give a grant back: whom it names for that, who made it, and a grantee that it lets. */
export const mayRetire = ({ retiring, issuer, grantee, allows }: Grant, caller: Caller): boolean =>
  (retiring !== null && isParty(retiring, caller)) ||
  isParty(issuer, caller) ||
  (allows.rights.includes('retireGrant') && isParty(grantee, caller))

interface Asked {
  readonly right: Right
  readonly word: string
}

const covers = ({ allows }: Grant, { right, word }: Asked, caller: Caller): boolean =>
  allows.dialect === caller.dialect ? allows.words.includes(word) : allows.rights.includes(right)

/** Whether a grant of the key lets the caller do this. */
export const isGranted = ({ grants }: Key, caller: Caller, asked: Asked): boolean =>
  grants.some((grant) =>
    asked.right === 'retireGrant'
      ? mayRetire(grant, caller)
      : isParty(grant.grantee, caller) && covers(grant, asked, caller),
  )

/** Whether the key has anything to do with the caller, who then learns that it is there. */
export const isNamedIn = ({ grants }: Key, caller: Caller): boolean =>
  grants.some((grant) => isParty(grant.grantee, caller) || mayRetire(grant, caller))

/** Everything in the caller's dialect that grants of the key let the caller do. */
export const grantedWords = ({ grants }: Key, caller: Caller): ReadonlySet<string> =>
  new Set(
    grants
      .filter(({ grantee, allows }) => allows.dialect === caller.dialect && isParty(grantee, caller))
      .flatMap(({ allows }) => allows.words),
  )

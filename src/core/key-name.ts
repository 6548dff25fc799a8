/**
 * How a caller names a key in one text: by its id, or by an alias of it, which may say where it is. An id has hex digits
 * and hyphens alone, so no text is both.
 */
import { sha256Hex } from '../crypto/digest.ts'
import type { AccountId, RegionId } from './object.ts'

/** As a cloud names a place: by a name of a region, and by an external id of an account. */
export interface NamedPlace {
  readonly region: string
  readonly account: string
}

export interface AliasRef {
  readonly alias: string
  /** Absent for the place that the caller speaks to, the only one in which an alias is looked for. */
  readonly place?: NamedPlace
}

/** The text that says an alias; neither the region nor the account has a colon. */
export const aliasText = (alias: string, place?: NamedPlace): string =>
  place ? `alias:${place.region}:${place.account}:${alias}` : `alias:::${alias}`

const form = /^alias:([^:]*):([^:]*):(.+)$/

/** Nearly always an id, of which no more than its first letters is looked at. */
export const keyNamed = (text: string): { readonly id: string } | AliasRef => {
  if (!text.startsWith('alias:')) return { id: text }
  const [, region = '', account = '', alias] = form.exec(text) ?? []
  if (alias === undefined) return { id: text }
  return region === '' && account === '' ? { alias } : { alias, place: { region, account } }
}

/** The id of the row of an alias: one name has one row in an account and region. */
export const aliasId = (account: AccountId, region: RegionId, alias: string): string =>
  sha256Hex(JSON.stringify(['keystead alias', account, region, alias]))

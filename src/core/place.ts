import { sha256Hex } from '../crypto/digest.ts'
import type { AccountId, Place, RegionId } from './object.ts'

/**
 * The project of an account in a region, for clients that name none: 32 hex digits, derived, so that every account has
 * one in every configured region without a row of its own.
 */
export const defaultProject = (account: AccountId, region: RegionId): string =>
  sha256Hex(`keystead project ${account} ${region}`).slice(0, 32)

export const defaultPlace = (account: AccountId, region: RegionId): Place => ({
  account,
  region,
  project: defaultProject(account, region),
})

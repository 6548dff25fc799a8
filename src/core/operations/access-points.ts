/** Access points: who capsules may be opened to. One that shows itself by a signature has a pair of its own. */

import { type Refusal, refuse } from '../failure.ts'
import { domainKeyOf } from '../material.ts'
import type { AccessPoint, Place } from '../object.ts'
import { type Call, change, type Decided, look, type Targets } from '../operation.ts'
import { rowsWhere } from './rows-where.ts'

/** The pair of every access point that has one. */
const pairAlgorithm = 'ec-p256'

const bindingOf = ({ account, id }: Pick<AccessPoint, 'account' | 'id'>) =>
  ({ kind: 'accessPoint', account, id, version: 1 }) as const

type Held = Pick<Call<Targets>, 'house' | 'view'>

/** The private half that is still kept, which the caller zeroes; undefined where it was handed out or never was. */
export const keptPrivateKey = async ({ house, view }: Held, row: AccessPoint): Promise<Uint8Array | undefined> => {
  if (!row.privateKey) return undefined
  const der = house.keyring.unwrap(await domainKeyOf(view, row.account), bindingOf(row), row.privateKey)
  if (!der) throw new Error(`the private key of access point ${row.id} does not unwrap`)
  return der
}

interface CreateAccessPoint
  extends Pick<AccessPoint, 'keySpace' | 'name' | 'type' | 'identity' | 'cluster' | 'description' | 'creator'> {
  readonly at: Place
  /** Whether it is given a pair of its own. */
  readonly pair: boolean
}

export const createAccessPoint = change({
  name: 'createAccessPoint',
  summary: 'Register an access point, with a pair of its own where it shows itself by a signature.',
  rights: { accessPoints: 'createAccessPoint' },
  targets: ({ at }: CreateAccessPoint) => ({ accessPoints: { in: at, kind: 'accessPoint' } as const }),
  async prepare({ house, now, view }, { at, pair, ...said }): Promise<AccessPoint> {
    const id = house.random.id(now)
    const times = { suspended: false, createdAt: now, modifiedAt: now }
    const row = { kind: 'accessPoint', id, revision: 1, ...at, ...said, ...times } as const
    if (!pair) return { ...row, publicKey: null, privateKey: null }
    const { publicKey, privateKey } = await house.slow.run('generatePair', { algorithm: pairAlgorithm })
    const domain = await domainKeyOf(view, at.account)
    const wrapped = house.keyring.wrap(domain, bindingOf(row), privateKey)
    privateKey.fill(0)
    return { ...row, publicKey, privateKey: wrapped }
  },
  decide: (_call, _request, row) => ({ result: row, effects: [{ add: row }] }),
})

interface One {
  readonly id: string
}

const one = ({ id }: One) => ({ accessPoint: { kind: 'accessPoint', id } }) as const

export const resumeAccessPoint = change({
  name: 'resumeAccessPoint',
  summary: 'Let an access point open capsules again.',
  rights: { accessPoint: 'resumeAccessPoint' },
  targets: one,
  prepare: () => {},
  decide({ at: { accessPoint }, now }) {
    const put = { ...accessPoint, suspended: false, modifiedAt: now }
    return { result: undefined, effects: accessPoint.suspended ? [{ put, over: accessPoint }] : [] }
  },
})

export const suspendAccessPoint = change({
  name: 'suspendAccessPoint',
  summary: 'Let an access point open no capsules until it is resumed.',
  rights: { accessPoint: 'suspendAccessPoint' },
  targets: one,
  prepare: () => {},
  decide({ at: { accessPoint }, now }) {
    const put = { ...accessPoint, suspended: true, modifiedAt: now }
    return { result: undefined, effects: accessPoint.suspended ? [] : [{ put, over: accessPoint }] }
  },
})

export const removeAccessPoint = change({
  name: 'removeAccessPoint',
  summary: 'Remove an access point and its pair.',
  rights: { accessPoint: 'removeAccessPoint' },
  targets: one,
  prepare: () => {},
  decide: ({ at }) => ({ result: undefined, effects: [{ drop: at.accessPoint }] }),
})

/** What is handed out is erased here: from then on only the access point can show that it is the one. */
export const readAccessPointKey = change({
  name: 'readAccessPointKey',
  summary: 'Hand out the private half of an access point, once.',
  rights: { accessPoint: 'readAccessPointKey' },
  targets: one,
  prepare: (call) => keptPrivateKey(call, call.at.accessPoint),
  decide({ at: { accessPoint }, now }, { id }, der): Decided<{ id: string; privateKey: Uint8Array }> | Refusal {
    if (!der || !accessPoint.privateKey) return refuse({ reason: 'noKeyToHandOut' })
    const put = { ...accessPoint, privateKey: null, modifiedAt: now }
    return { result: { id, privateKey: der }, effects: [{ put, over: accessPoint }] }
  },
})

export interface KeySpacePage {
  readonly at: Place
  readonly keySpace: string
  /** The last id of the page before; empty for the first. */
  readonly after: string
  readonly limit: number
}

export const listAccessPoints = look({
  name: 'listAccessPoints',
  summary: 'Read the access points of a key space, page by page.',
  rights: { accessPoints: 'listAccessPoints' },
  targets: ({ at }: KeySpacePage) => ({ accessPoints: { in: at, kind: 'accessPoint' } as const }),
  run: ({ at }, { keySpace, after, limit }, read) =>
    rowsWhere(
      read,
      'accessPoint',
      { account: at.accessPoints.account, after, limit },
      (row) => row.region === at.accessPoints.region && row.keySpace === keySpace,
    ),
})

/** What the first start makes: one account with one administrator, who holds an access key of each cloud. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type FirstAccount, firstAccountName } from './core/founding.ts'
import type { House, Region } from './core/house.ts'
import { defaultProject } from './core/place.ts'
import type { Random, SlowQueue } from './core/ports.ts'

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const lower = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'

/** Uniformly drawn characters: bytes beyond the last whole multiple of the alphabet are drawn again. */
const drawText = (random: Random, length: number, alphabet: string): string => {
  const limit = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length)
    for (const byte of random.bytes(length))
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length]
  return text
}

const drawHex = (random: Random): string => drawText(random, 32, '0123456789abcdef')

type Life = 'permanent' | 'temporary'

/** New access keys in the form of their cloud: about 190 bits of secret each. */
export const accessKeysOf = (random: Random) => ({
  tencent: (life: Life) => ({
    id: `AKID${life === 'temporary' ? '-' : ''}${drawText(random, 32, upper + lower + digits)}`,
    secret: drawText(random, 32, upper + lower + digits),
  }),
  huawei: (life: Life) => ({
    id: life === 'temporary' ? `HST${drawText(random, 17, upper + digits)}` : drawText(random, 20, upper + digits),
    secret: drawText(random, 40, upper + lower + digits),
  }),
})

const drawUin = (random: Random): string => `1000${drawText(random, 8, digits)}`

/** New accounts and principals, with the numbers and ids by which the clouds know them. */
export const identitiesOf = (random: Random): House['identities'] => ({
  principal: () => ({ id: drawUin(random), external: { userId: drawHex(random) } }),
  account: (name) => ({
    id: drawUin(random),
    name,
    external: { appId: `125${drawText(random, 7, digits)}`, domainId: drawHex(random), domainName: name },
    principalName: 'administrator',
    principalExternal: { userId: drawHex(random) },
    passwordRecord: null,
    accessKeys: [],
  }),
})

/** The file `<data>/credentials.json`: what a client needs, and the only place where these secrets are in clear. */
export interface Credentials {
  readonly endpoint: string
  readonly tencent: {
    readonly secretId: string
    readonly secretKey: string
    readonly region: string
    readonly uin: string
    readonly appId: string
  }
  readonly huawei: {
    readonly accessKey: string
    readonly secretKey: string
    readonly projectId: string
    readonly domainId: string
    readonly region: string
    readonly domainName: string
    readonly userName: string
    readonly password: string
  }
}

interface Parts {
  readonly random: Random
  readonly slow: SlowQueue
  readonly region: Region
  readonly endpoint: string
}

export const drawFirstAccount = async ({
  random,
  slow,
  region,
  endpoint,
}: Parts): Promise<{ first: FirstAccount; credentials: Credentials }> => {
  const keys = accessKeysOf(random)
  const [tencentKey, huaweiKey] = [keys.tencent('permanent'), keys.huawei('permanent')]
  const password = drawText(random, 24, upper + lower + digits)
  const passwordRecord = await slow.run('hashPassword', { password, salt: random.bytes(16) })
  const first: FirstAccount = {
    ...identitiesOf(random).account(firstAccountName),
    passwordRecord,
    accessKeys: [
      { dialect: 'tencent', ...tencentKey },
      { dialect: 'huawei', ...huaweiKey },
    ],
  }
  const { id: uin, external } = first
  const credentials: Credentials = {
    endpoint,
    tencent: {
      secretId: tencentKey.id,
      secretKey: tencentKey.secret,
      region: region.names.tencent ?? '',
      uin,
      appId: external.appId ?? '',
    },
    huawei: {
      accessKey: huaweiKey.id,
      secretKey: huaweiKey.secret,
      projectId: defaultProject(uin, region.id),
      domainId: external.domainId ?? '',
      region: region.names.huawei ?? '',
      domainName: first.name,
      userName: first.principalName,
      password,
    },
  }
  return { first, credentials }
}

export const writeCredentials = (path: string, credentials: Credentials): void => {
  const temporary = `${path}.new`
  writeFileSync(temporary, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(temporary, path)
}

/** The credentials, or undefined where the operator has taken the file away or changed it into something else. */
export const readCredentials = (path: string): Credentials | undefined => {
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Credentials
  } catch {
    return undefined
  }
}

/** Keeps the file's endpoint true when the server listens elsewhere than before. */
export const keepEndpoint = (path: string, endpoint: string): Credentials | undefined => {
  const credentials = readCredentials(path)
  if (credentials && credentials.endpoint !== endpoint) writeCredentials(path, { ...credentials, endpoint })
  return credentials && { ...credentials, endpoint }
}

/**
 * What is taken away by a command is taken away when the command has ended: no request whose first byte was sent after
 * that is served, however busy the server is.
 */
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccessKey } from '../harness/keystead.ts'
import { tc3Headers } from '../harness/tc3.ts'
import { cam, newUser, policyFile, type Served, served, told } from './command.ts'

const clientsCount = 16
const body = (KeyId: string) => JSON.stringify({ KeyId, Plaintext: 'aGVsbG8=' })

interface Answered {
  /** Just before the first byte was sent, and just after the answer was read; ms of one clock. */
  readonly sent: number
  readonly read: number
  /** undefined for success. */
  readonly code: string | undefined
}

let server: Served
let data: string
let keyId: string
const agent = new Agent({ keepAlive: true, maxSockets: 2 * clientsCount })
beforeAll(async () => {
  server = await served()
  data = server.data
  keyId = (await server.call('CreateKey', { Alias: 'busy' })).response.KeyId
})
afterAll(async () => {
  agent.destroy()
  await server.stop()
})

/** One Encrypt over a connection that is open already, where there is one. */
const encrypt = ({ secretId, secretKey }: AccessKey): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const { host, hostname, port } = new URL(server.endpoint)
    const text = body(keyId)
    const signed = tc3Headers({ secretId, secretKey, host, body: text, timestamp: Math.floor(Date.now() / 1000) })
    const common = { 'X-TC-Action': 'Encrypt', 'X-TC-Version': '2019-01-18', 'X-TC-Region': 'ap-guangzhou' }
    const headers = { ...signed, ...common, 'Content-Length': String(Buffer.byteLength(text)) }
    const sent = performance.now()
    const asked = request({ agent, hostname, port, method: 'POST', path: '/', headers }, (response) => {
      let received = ''
      response.on('data', (chunk) => {
        received += chunk
      })
      response.on('end', () => {
        const code = (JSON.parse(received) as { Response: { Error?: { Code: string } } }).Response.Error?.Code
        resolve({ sent, read: performance.now(), code })
      })
    })
    asked.on('error', reject)
    asked.end(text)
  })

/** Clients that never stop calling; gives what they were answered once `end` is called. */
const busy = (key: AccessKey) => {
  const answers: Answered[] = []
  let going = true
  const clients = Array.from({ length: clientsCount }, async () => {
    while (going) answers.push(await encrypt(key))
  })
  const end = async () => {
    going = false
    await Promise.all(clients)
    return answers
  }
  /** Resolves when this many more calls were answered. */
  const answered = async (more: number) => {
    for (const until = answers.length + more; answers.length < until; ) await new Promise(setImmediate)
  }
  return { end, answered }
}

const newCaller = async (name: string): Promise<AccessKey> => {
  const key = await newUser(data, name)
  const file = policyFile(cam('allow', 'kms:Encrypt'))
  await told(data, 'policy', 'attach', '--user', name, '--name', 'may', '--file', file)
  return key
}

const burst = (key: AccessKey) => Promise.all(Array.from({ length: clientsCount }, () => encrypt(key)))

/**
 * Runs the command in the middle of the load, and holds every answer against the moment when it had ended. Not many
 * answers come after that where the access key itself is refused: each of those waits, up to two seconds.
 */
const takenAway = async (key: AccessKey, code: string, ...command: readonly string[]) => {
  const load = busy(key)
  await load.answered(400)
  await told(data, ...command)
  const ended = performance.now()
  const probes = await burst(key)
  const answers = [...probes, ...(await load.end())]
  const after = answers.filter(({ sent }) => sent > ended)
  expect(after.length).toBeGreaterThanOrEqual(clientsCount)
  expect(after.filter((answer) => answer.code !== code)).toEqual([])
  // It was busy, and every call was served or refused for this reason: the command alone made the difference.
  expect(answers.filter((answer) => answer.code === undefined).length).toBeGreaterThanOrEqual(400)
  expect(new Set(answers.map((answer) => answer.code))).toEqual(new Set([undefined, code]))
}

/** What is given back counts at once: the first call after the command is served. */
const givenBack = async (key: AccessKey, ...command: readonly string[]) => {
  await told(data, ...command)
  const answers = await burst(key)
  expect(answers.map(({ code }) => code)).toEqual(answers.map(() => undefined))
}

describe('after the command has ended, nothing is served that it took away', () => {
  test('an access key that was disabled; enabled again it works at once', async () => {
    const key = await newCaller('alice')
    await takenAway(key, 'AuthFailure.SecretIdNotFound', 'access-key', 'disable', key.secretId)
    await givenBack(key, 'access-key', 'enable', key.secretId)
  })

  test('an access key that was deleted; another one of the same user goes on', async () => {
    const key = await newCaller('bob')
    const other = (await told(data, 'access-key', 'create', '--user', 'bob')) as AccessKey
    await takenAway(key, 'AuthFailure.SecretIdNotFound', 'access-key', 'delete', key.secretId)
    expect((await encrypt(other)).code).toBeUndefined()
  })

  test('what a policy with a deny forbids; without it it is allowed at once', async () => {
    const key = await newCaller('carol')
    const named = ['--user', 'carol', '--name', 'never'] as const
    const file = policyFile(cam('deny', 'kms:Encrypt'))
    await takenAway(key, 'UnauthorizedOperation', 'policy', 'attach', ...named, '--file', file)
    await givenBack(key, 'policy', 'detach', ...named)
  })

  test('what a policy allowed that was detached, or replaced by one that does not', async () => {
    const key = await newCaller('dora')
    const named = ['--user', 'dora', '--name', 'may'] as const
    await takenAway(key, 'UnauthorizedOperation', 'policy', 'detach', ...named)
    await givenBack(key, 'policy', 'attach', ...named, '--file', policyFile(cam('allow', 'kms:*')))
    const lesser = policyFile(cam('allow', 'kms:Decrypt'))
    await takenAway(key, 'UnauthorizedOperation', 'policy', 'attach', ...named, '--file', lesser)
  })
})

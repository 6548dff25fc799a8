import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { serving } from './child.ts'
import { newData, newFolder } from './folders.ts'

interface Pair {
  readonly tlsCert: string
  readonly tlsKey: string
}

/** A self-signed pair for this machine, made by openssl. */
const newPair = (): Pair => {
  const folder = newFolder()
  const pair = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem') }
  const subject = ['-subj', '/CN=keystead', '-addext', 'subjectAltName=IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', pair.tlsKey]
  execFileSync('openssl', ['req', '-x509', ...key, '-out', pair.tlsCert, '-days', '2', ...subject], { stdio: 'ignore' })
  return pair
}

let keystead: TestKeystead | undefined
const agents: Agent[] = []
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy()
  await keystead?.end()
  keystead = undefined
})

const portOf = (endpoint: string): number => Number(new URL(endpoint).port)

const handshake = (endpoint: string, options: ConnectionOptions): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: portOf(endpoint), ...options }, () => resolve(socket))
    socket.on('error', reject)
  })

/** The fingerprint of the certificate that a new connection is shown. */
const shown = async (endpoint: string): Promise<string> => {
  const socket = await handshake(endpoint, { rejectUnauthorized: false })
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()
  return fingerprint256
}

const live = (endpoint: string, ca: Buffer, agent = new Agent()): Promise<number> =>
  new Promise((resolve, reject) => {
    agents.push(agent)
    const sent = request(`${endpoint}/livez`, { ca, agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject).end()
  })

describe('a server with a certificate', () => {
  const pair = newPair()

  test('serves https, says so in its endpoint, and nothing else on that port', async () => {
    keystead = await startKeystead({ settings: pair })
    const { endpoint, credentials } = keystead
    expect(endpoint).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(credentials.endpoint).toBe(endpoint)
    expect(await live(endpoint, readFileSync(pair.tlsCert))).toBe(200)
    await expect(fetch(`http://127.0.0.1:${portOf(endpoint)}/livez`)).rejects.toThrow()
    await expect(live(endpoint, readFileSync(newPair().tlsCert))).rejects.toThrow('self-signed')
  })

  test('speaks TLS 1.2 and 1.3, and refuses 1.1', async () => {
    keystead = await startKeystead({ settings: pair })
    const { endpoint } = keystead
    const trust = { ca: readFileSync(pair.tlsCert) }
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await handshake(endpoint, { ...trust, minVersion: version, maxVersion: version })
      expect(socket.getProtocol()).toBe(version)
      socket.destroy()
    }
    // At security level 0 our own side would speak it: the refusal is the server's.
    const old = { ...trust, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const
    await expect(handshake(endpoint, old)).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' })
  })

  test('drains also while connections are open, with and without a handshake', async () => {
    keystead = await startKeystead({ settings: pair })
    const { endpoint } = keystead
    expect(await live(endpoint, readFileSync(pair.tlsCert), new Agent({ keepAlive: true }))).toBe(200)
    const silent = createConnection(portOf(endpoint), '127.0.0.1')
    await new Promise((resolve) => silent.on('connect', resolve))
    silent.on('error', () => {})
    await sleep(50)
    const begun = performance.now()
    await keystead.stop()
    expect(performance.now() - begun).toBeLessThan(3000)
  })
})

describe('a renewed certificate', () => {
  test('is shown to new connections, old ones go on, and a broken one changes nothing', async () => {
    const [pair, renewed] = [newPair(), newPair()]
    keystead = await startKeystead({ settings: pair })
    const { endpoint } = keystead
    const [before, oldCa, newCa] = [await shown(endpoint), readFileSync(pair.tlsCert), readFileSync(renewed.tlsCert)]
    const kept = new Agent({ keepAlive: true, maxSockets: 1 })
    expect(await live(endpoint, oldCa, kept)).toBe(200)

    // Between two files: the certificate is there and its key is not yet.
    copyFileSync(renewed.tlsCert, pair.tlsCert)
    await sleep(2500)
    expect(await shown(endpoint)).toBe(before)
    writeFileSync(pair.tlsKey, 'no PEM')
    await sleep(2500)
    expect(await shown(endpoint)).toBe(before)

    copyFileSync(renewed.tlsKey, pair.tlsKey)
    for (let waited = 0; (await shown(endpoint)) === before && waited < 100; waited++) await sleep(100)
    expect(await shown(endpoint)).not.toBe(before)
    expect(await live(endpoint, newCa)).toBe(200)
    expect(await live(endpoint, oldCa, kept)).toBe(200)
  })
})

describe('beyond loopback', () => {
  const folder = newData()
  const warning = 'listening on 0.0.0.0 without TLS'
  const started = async (...args: readonly string[]) => {
    const child = serving(folder, ...args)
    await child.endpoint
    return (await child.stop()).stderr
  }

  test('a server without TLS warns at every start', async () => {
    for (let start = 0; start < 2; start++) expect(await started('--host', '0.0.0.0')).toContain(warning)
  })

  test('a server with TLS does not, nor does one on loopback', async () => {
    const { tlsCert, tlsKey } = newPair()
    expect(await started('--host', '0.0.0.0', '--tls-cert', tlsCert, '--tls-key', tlsKey)).toBe('')
    expect(await started()).toBe('')
  })
})

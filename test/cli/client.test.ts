/** How a command speaks to a server, to one that answers as it is told to. */
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ask } from '../../src/cli/client.ts'
import { endpointOf } from '../../src/cli/network.ts'
import { forgetSession, keepSession, type Session, sessionOf } from '../../src/cli/sessions.ts'
import { newFolder } from '../server/folders.ts'

interface Scripted {
  readonly status?: number
  readonly body: string
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

const heard: string[] = []
const nameOf = ({ url = '', headers }: IncomingMessage): string => `${url.slice(8)} ${headers.authorization}`

const answering =
  (answers: Readonly<Record<string, Scripted>>): RequestListener =>
  (asked, response) => {
    heard.push(nameOf(asked))
    const { status = 200, body } = answers[(asked.url ?? '').slice('/api/v1/'.length)] ?? { body: '{}' }
    response.writeHead(status).end(body)
  }

const listening = async (server: Server, scheme: string): Promise<string> => {
  servers.push(server)
  heard.length = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const serving = (answers: Readonly<Record<string, Scripted>> = {}): Promise<string> =>
  listening(createServer(answering(answers)), 'http')

const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString()

/** Signed in, with so many minutes left. Gives the folder of the session. */
const signedIn = async (endpoint: string, minutes: number, more: Partial<Session> = {}): Promise<string> => {
  const config = newFolder()
  const session = { endpoint, token: 'old', expiresAt: inMinutes(minutes), renewableUntil: inMinutes(600), ...more }
  await keepSession(config, session, true)
  return config
}

const renewed = (): Scripted => ({
  body: JSON.stringify({ token: 'new', expiresAt: inMinutes(60), renewableUntil: inMinutes(600) }),
})
const problem = (status: number, type: string, detail: string): Scripted => ({
  status,
  body: JSON.stringify({ type, status, detail }),
})

describe('a session', () => {
  test('is for its owner alone, in a folder that is its owner’s', async () => {
    const config = await signedIn('http://127.0.0.1:1', 60)
    const modes = ['keystead', 'keystead/session.json'].map((name) => statSync(join(config, name)).mode & 0o777)
    expect(modes).toEqual([0o700, 0o600])
  })

  test('in its first half hour is used as it is', async () => {
    const config = await signedIn(await serving(), 45)
    await ask({ config }, 'limits', {})
    expect(heard).toEqual(['limits Bearer old'])
  })

  test('is renewed in its second half hour, once, and kept', async () => {
    const config = await signedIn(await serving({ 'session-renew': renewed() }), 20)
    await ask({ config }, 'limits', {})
    await ask({ config }, 'limits', {})
    expect(heard).toEqual(['session-renew Bearer old', 'limits Bearer new', 'limits Bearer new'])
  })

  test('that cannot be renewed serves until it ends', async () => {
    const refused = problem(429, 'tooManyRequests', 'Too many.')
    const config = await signedIn(await serving({ 'session-renew': refused }), 20)
    expect(await ask({ config }, 'limits', {})).toEqual({})
    expect(heard).toEqual(['session-renew Bearer old', 'limits Bearer old'])
  })

  test('at the end of its twelve hours is not renewed', async () => {
    const config = await signedIn(await serving(), 20, { renewableUntil: inMinutes(20) })
    await ask({ config }, 'limits', {})
    expect(heard).toEqual(['limits Bearer old'])
  })

  test('that is forgotten leaves those of other servers, and the last of them is meant', async () => {
    const config = await signedIn('https://a.example', 60)
    await keepSession(config, { endpoint: 'https://b.example', token: 'b', expiresAt: '', renewableUntil: '' }, true)
    await forgetSession(config, 'https://b.example')
    expect(sessionOf(config)?.endpoint).toBe('https://a.example')
    expect(sessionOf(config, 'https://b.example')).toBeUndefined()
  })

  test('whose file is damaged is told, with what to do', () => {
    const config = newFolder()
    execFileSync('mkdir', [join(config, 'keystead')])
    writeFileSync(join(config, 'keystead/session.json'), '{')
    expect(() => sessionOf(config)).toThrow(/session\.json cannot be read: remove it, and sign in again/)
  })
})

describe('what a person reads', () => {
  test('says what to do where the session has ended', async () => {
    const ended = problem(401, 'unauthenticated', 'The token has ended.')
    const config = await signedIn(await serving({ limits: ended }), 60)
    await expect(ask({ config }, 'limits', {})).rejects.toMatchObject({
      type: 'unauthenticated',
      status: 401,
      message: 'The token has ended. Run keystead login.',
    })
  })

  test.each([
    [200, '<html>'],
    [200, '[]'],
    [502, '<html>Bad gateway'],
    [404, '{"error":"no"}'],
  ])('names the endpoint where something else answers (%i %s)', async (status, body) => {
    const config = await signedIn(await serving({ limits: { status, body } }), 60)
    await expect(ask({ config }, 'limits', {})).rejects.toThrow(/none of a Keystead server.*look at the endpoint/)
  })

  test('names --ca where the certificate is not trusted, and with it all is well', async () => {
    const folder = newFolder()
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
    const subject = ['-subj', '/CN=keystead', '-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync('openssl', ['req', '-x509', ...curve, '-out', cert, ...subject], { stdio: 'ignore' })
    const pem = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
    const endpoint = await listening(createTlsServer(pem, answering({})), 'https')
    await expect(ask({ config: await signedIn(endpoint, 60) }, 'limits', {})).rejects.toThrow(/--ca FILE/)
    expect(await ask({ config: await signedIn(endpoint, 60, { ca: pem.cert }) }, 'limits', {})).toEqual({})
  })
})

test('an endpoint is https, or on this machine, or somebody says that it may be neither', () => {
  expect(endpointOf('https://kms.example/', false)).toBe('https://kms.example')
  for (const here of ['http://127.0.0.1:7800', 'http://localhost:7800', 'http://[::1]:7800'])
    expect(endpointOf(here, false)).toBe(here)
  for (const far of ['http://kms.example', 'http://127.0.0.1.example', 'http://localhost.example'])
    expect(() => endpointOf(far, false)).toThrow(/use https/)
  expect(endpointOf('http://kms.example', true)).toBe('http://kms.example')
  for (const none of ['kms.example', 'ftp://kms.example', 'https://me:secret@kms.example', 'https://kms.example?a=b'])
    expect(() => endpointOf(none, true)).toThrow(/must be a URL/)
})

import { describe, expect, test } from 'vitest'
import { isSecure, sourceOf, trustedProxies } from '../../src/http/source.ts'
import { startKeystead } from '../harness/keystead.ts'

const none = trustedProxies([])
const proxies = trustedProxies(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'])

describe('the source of a request', () => {
  test.each([
    ['is the other end of the connection', '203.0.113.5', undefined, '203.0.113.5'],
    ['is an IPv4 address as itself, also over IPv6', '::ffff:203.0.113.5', undefined, '203.0.113.5'],
    ['is not what a stranger claims', '203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['is what a trusted proxy says', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['is what a trusted proxy says over IPv6', '2001:db8::9', '2001:4860::1', '2001:4860::1'],
    ['is the last address that is no proxy of ours', '10.1.2.3', '198.51.100.1, 203.0.113.9, 192.0.2.7', '203.0.113.9'],
    ['is never what the client put in front of that', '10.1.2.3', '10.9.9.9, 203.0.113.9', '203.0.113.9'],
    ['is the proxy where all of them are', '10.1.2.3', '10.4.4.4, 192.0.2.7', '10.1.2.3'],
    ['is the proxy where the last one is no address', '10.1.2.3', '198.51.100.1, unknown', '10.1.2.3'],
    ['is the proxy where it has a port', '10.1.2.3', '198.51.100.1:443', '10.1.2.3'],
    ['is the proxy for an empty list', '10.1.2.3', '', '10.1.2.3'],
    ['is no line of the log that a client writes', '10.1.2.3', '1.2.3.4\n{"forged":1}', '10.1.2.3'],
    ['is nothing where the connection is gone', undefined, '198.51.100.1', ''],
  ])('%s', (_name, remote, forwarded, expected) => {
    expect(sourceOf(remote, forwarded, proxies)).toBe(expected)
  })

  test('is the connection for everybody, while no proxy is trusted', () => {
    for (const remote of ['127.0.0.1', '10.1.2.3', '::1', 'fe80::1%eth0'])
      expect(sourceOf(remote, '198.51.100.1', none)).toBe(remote)
  })
})

test.each([
  ['over TLS, whatever is claimed', true, '203.0.113.5', 'http', true],
  ['over TLS without an address', true, undefined, undefined, true],
  ['over TLS to a trusted proxy', false, '10.1.2.3', 'https', true],
  ['over plain HTTP to a trusted proxy', false, '10.1.2.3', 'http', false],
  ['through a trusted proxy that says nothing', false, '10.1.2.3', undefined, false],
  ['through one that passes on what its client claims too', false, '10.1.2.3', 'https, http', false],
  ['from a stranger who claims it', false, '203.0.113.5', 'https', false],
  ['from nowhere', false, undefined, 'https', false],
] as const)('a request %s is secure, or is not', (_name, encrypted, remote, proto, expected) => {
  expect(isSecure(encrypted, remote, proto, proxies)).toBe(expected)
})

test.each([
  '10.0.0.0/',
  '10.0.0.0/33',
  '10.0.0.0/8/9',
  '10.0.0.0/1e1',
  '10.0.0.0/-1',
  '10.0.0.0/ 8',
  'proxy',
  '10.0.0',
  '::/129',
  '',
  '/8',
])('the trusted network %j is refused and not guessed', (network) =>
  expect(() => trustedProxies([network])).toThrow(`${network}: not a network; write it like 10.0.0.0/8.`),
)

describe('the audit journal of a running server', () => {
  const headers = { 'X-Forwarded-For': '198.51.100.1, 203.0.113.9' }
  const sources = async (trustedProxy: readonly string[]) => {
    const keystead = await startKeystead({ settings: { trustedProxy } })
    await keystead.ok('ListAlgorithms', {}, { headers })
    await keystead.ok('ListAlgorithms')
    const found = keystead.audit().filter(({ action }) => action === 'ListAlgorithms')
    await keystead.end()
    return found.map(({ source }) => source)
  }

  test('has the address that a trusted proxy gives', async () => {
    expect(await sources(['127.0.0.0/8'])).toEqual(['203.0.113.9', '127.0.0.1'])
  })

  test('has the connection otherwise', async () => {
    expect(await sources([])).toEqual(['127.0.0.1', '127.0.0.1'])
  })
})

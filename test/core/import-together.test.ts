import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { expect, test } from 'vitest'
import { Refusal } from '../../src/core/failure.ts'
import { create } from '../../src/core/operations/create.ts'
import { deleteMaterial, importMaterial } from '../../src/core/operations/import.ts'
import { importAttemptsMax, prepareImport } from '../../src/core/operations/import-ticket.ts'
import { createRequest, openHouse } from './house.ts'

const start = async () => {
  const house = openHouse()
  const { id: keyId } = await house.ok(create, createRequest({ origin: 'imported' }))
  return { house, keyId }
}

const wrap = (publicKey: Uint8Array, bytes: Uint8Array): Uint8Array => {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, bytes)
}

const material = Buffer.alloc(32, 7)

test('tickets that are asked for at the same time are all handed out, and exactly one of them is valid', async () => {
  const { house, keyId } = await start()
  const asked = { keyId, padding: 'oaepSha256' as const }
  const tickets = await Promise.all([1, 2, 3].map(() => house.ok(prepareImport, asked)))
  const results = []
  for (const { token, publicKey } of tickets)
    results.push(await house.ask(importMaterial, { keyId, token, wrapped: wrap(publicKey, material), expiresAt: null }))
  const refused = results.filter((result) => result instanceof Refusal)
  expect(refused.flatMap(({ failures }) => failures)).toEqual([
    { reason: 'expiredTicket' },
    { reason: 'expiredTicket' },
  ])
})

test('wrong material that is sent many times at once is counted each time, and kills the ticket', async () => {
  const { house, keyId } = await start()
  const { token, publicKey } = await house.ok(prepareImport, { keyId, padding: 'oaepSha256' })
  const right = { keyId, token, wrapped: wrap(publicKey, material), expiresAt: null }
  const wrong = { ...right, wrapped: new Uint8Array(256) }
  const answers = await Promise.all(Array.from({ length: 20 }, () => house.refused(importMaterial, wrong)))
  const unwrapFailures = answers.filter(([failure]) => failure?.reason === 'keyUnwrapFailure')
  expect(unwrapFailures.length).toBeLessThanOrEqual(importAttemptsMax)
  while ((house.store.get('importTicket', keyId)?.failures ?? 0) < importAttemptsMax)
    await house.refused(importMaterial, wrong)
  expect(await house.refused(importMaterial, right)).toEqual([{ reason: 'expiredTicket' }])
})

test('an import beside a deletion of the material is answered like one after the other', async () => {
  const { house, keyId } = await start()
  const { token, publicKey } = await house.ok(prepareImport, { keyId, padding: 'oaepSha256' })
  const right = { keyId, token, wrapped: wrap(publicKey, material), expiresAt: null }
  await house.ok(importMaterial, right)
  const [imported, deleted] = await Promise.all([
    house.ask(importMaterial, right),
    house.ask(deleteMaterial, { keyId }),
  ])
  expect([imported, deleted].filter((result) => result instanceof Refusal)).toEqual([])
})

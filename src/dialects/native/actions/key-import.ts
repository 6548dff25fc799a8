import { inferred } from '../../../contract/evidence.ts'
import { base64, pemOf } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { refuse } from '../../../core/failure.ts'
import { deleteMaterial, importMaterial } from '../../../core/operations/import.ts'
import { prepareImport } from '../../../core/operations/import-ticket.ts'
import { action } from '../action.ts'
import { isoOf, time } from '../fields.ts'
import { keyRef } from '../key-fields.ts'

const common = { evidence: inferred('ours') }
const paddings = ['oaepSha256', 'oaepSha1', 'sm2'] as const

export const KeyImportPrepare = action({
  ...common,
  name: 'key-import-prepare',
  rights: { key: 'key:import-prepare' },
  summary: 'Hand out a wrapping key and a ticket for one import of material; an older ticket ends.',
  request: { key: keyRef, wrapping: z.enum(paddings).describe('How the material will be encrypted.') },
  response: {
    wrappingKey: z.string().describe('SubjectPublicKeyInfo, PEM.'),
    ticket: base64().describe('To be given back with the material.'),
    expiresAt: time,
    padding: z.enum(paddings),
  },
  operation: prepareImport,
  toCore: ({ key: keyId, wrapping: padding }) => ({ keyId, padding }),
  fromCore: ({ publicKey, token, expiresAt }, _here, { wrapping: padding }) => ({
    wrappingKey: pemOf(publicKey),
    ticket: token,
    expiresAt: isoOf(expiresAt),
    padding,
  }),
})

export const KeyImport = action({
  ...common,
  name: 'key-import',
  rights: { key: 'key:import' },
  summary: 'Bring the material of a key, wrapped under the ticket; the key is in use then.',
  request: {
    key: keyRef,
    ticket: base64({ bytesMin: 1 }),
    wrapped: base64({ bytesMin: 1, sensitive: true }).describe('The material, encrypted to the wrapping key.'),
    expiresAt: z.iso
      .datetime('must be a time in UTC')
      .describe('When the material ends; never when absent.')
      .optional(),
  },
  response: {},
  operation: importMaterial,
  toCore({ key: keyId, ticket: token, wrapped, expiresAt }, { house }) {
    const at = expiresAt === undefined ? null : Date.parse(expiresAt)
    if (at !== null && !(at > house.clock.now()))
      return refuse({ reason: 'invalidAttributeValue', member: 'expiresAt', why: 'must be later than now' })
    return { keyId, token, wrapped, expiresAt: at }
  },
  fromCore: () => ({}),
})

export const KeyEmpty = action({
  ...common,
  name: 'key-delete-material',
  rights: { key: 'key:delete-material' },
  summary: 'Remove the imported material of a key.',
  request: { key: keyRef },
  response: {},
  operation: deleteMaterial,
  toCore: ({ key: keyId }) => ({ keyId }),
  fromCore: () => ({}),
})

import { documented, inferred } from '../../../../contract/evidence.ts'
import { noted, z } from '../../../../contract/schema.ts'
import { refuse } from '../../../../core/failure.ts'
import { action } from '../action.ts'
import { tokenResponse } from '../token.ts'

const say = () => refuse({ reason: 'featureNotSupported', feature: 'identity providers' })
const errors = { featureNotSupported: 'noProvider' } as const

export const CreateTokenByIdToken = action.notice({
  name: 'CreateTokenWithIdToken',
  summary: 'Refused: no identity provider can be configured yet, so there is none whose token could be exchanged.',
  evidence: documented('IAM page; the refusal is ours'),
  request: {
    'X-Idp-Id': z.string().min(1).max(64).describe('The identity provider.'),
    auth: noted(z.looseObject({}), { sensitive: true }).describe('The token of the provider.'),
  },
  response: tokenResponse,
  say,
  errors,
})

export const CreateUnscopedTokenByIdToken = action.notice({
  name: 'CreateUnscopedTokenWithIdToken',
  summary: 'Refused as CreateTokenWithIdToken is.',
  evidence: inferred('the source of the Node SDK, which asks it before it asks for temporary access keys'),
  request: { idp_id: z.string().min(1).max(64).describe('The identity provider.') },
  response: tokenResponse,
  say,
  errors,
})

/** The calls of the identity service that are served: their routes, statuses, and what of their headers is a member. */
import type { Action } from '../../../contract/action.ts'
import { CreatePermanentAccessKey } from './actions/create-permanent-access-key.ts'
import { CreateProject } from './actions/create-project.ts'
import { CreateTemporaryAccessKey } from './actions/create-temporary-access-key.ts'
import { CreateTokenByAgency } from './actions/create-token-by-agency.ts'
import { CreateTokenByIdToken, CreateUnscopedTokenByIdToken } from './actions/create-token-by-id-token.ts'
import { CreateTokenByPassword } from './actions/create-token-by-password.ts'
import { CreateTokenByToken } from './actions/create-token-by-token.ts'
import { DeletePermanentAccessKey } from './actions/delete-permanent-access-key.ts'
import { GetCallerIdentity } from './actions/get-caller-identity.ts'
import { ListAuthDomains } from './actions/list-auth-domains.ts'
import { ListPermanentAccessKeys } from './actions/list-permanent-access-keys.ts'
import { ListAuthProjects, ListProjects } from './actions/list-projects.ts'
import { ListRegions } from './actions/list-regions.ts'
import { ListUsers } from './actions/list-users.ts'
import { ListVersions, ShowVersion } from './actions/list-versions.ts'
import { ShowCatalog } from './actions/show-catalog.ts'
import { ShowPermanentAccessKey } from './actions/show-permanent-access-key.ts'
import { UpdatePermanentAccessKey } from './actions/update-permanent-access-key.ts'
import { ValidateToken } from './actions/validate-token.ts'
import type { IamCode } from './codes.ts'

export interface IamCall {
  readonly action: Action<IamCode>
  readonly status: number
  /** Names of headers that are members of the request. */
  readonly headers: readonly string[]
}

interface Row extends IamCall {
  readonly method: string
  readonly path: string
}

const row = (route: string, status: number, action: Action<IamCode>, ...headers: readonly string[]): Row => {
  const [method = '', path = ''] = route.split(' ')
  return { method, path, action, status, headers }
}

/** How a token is asked for is in the body: the first of these stands for all three until it was read. */
export const tokenActions = {
  password: CreateTokenByPassword,
  token: CreateTokenByToken,
  assume_role: CreateTokenByAgency,
}

const accessKeys = '/v3.0/OS-CREDENTIAL/credentials'

export const calls: readonly Row[] = [
  row('POST /v3/auth/tokens', 201, CreateTokenByPassword),
  row('GET /v3/auth/tokens', 200, ValidateToken, 'X-Subject-Token'),
  row('GET /v3/projects', 200, ListProjects),
  row('POST /v3/projects', 201, CreateProject),
  row('GET /v3/auth/projects', 200, ListAuthProjects),
  row('GET /v3/auth/domains', 200, ListAuthDomains),
  row('GET /v3/auth/catalog', 200, ShowCatalog, 'X-Project-Id'),
  row('GET /v3/regions', 200, ListRegions),
  row('GET /v3/users', 200, ListUsers),
  row('GET /v5/caller-identity', 200, GetCallerIdentity),
  row('POST /v3.0/OS-CREDENTIAL/securitytokens', 201, CreateTemporaryAccessKey),
  row(`POST ${accessKeys}`, 201, CreatePermanentAccessKey),
  row(`GET ${accessKeys}`, 200, ListPermanentAccessKeys),
  row(`GET ${accessKeys}/{access_key}`, 200, ShowPermanentAccessKey),
  row(`PUT ${accessKeys}/{access_key}`, 200, UpdatePermanentAccessKey),
  row(`DELETE ${accessKeys}/{access_key}`, 204, DeletePermanentAccessKey),
  row('POST /v3.0/OS-AUTH/id-token/tokens', 201, CreateTokenByIdToken, 'X-Idp-Id'),
  row('POST /v3/OS-FEDERATION/identity_providers/{idp_id}/protocols/oidc/auth', 201, CreateUnscopedTokenByIdToken),
  row('GET /v3', 200, ShowVersion),
  row('GET /', 300, ListVersions),
]

export const iamActions: readonly Action<IamCode>[] = [
  ...new Set([...calls.map(({ action }) => action), ...Object.values(tokenActions)]),
]

/**
 * What the vendor documents for every call of the API, offered here or not: its route, the status of its success, the
 * word by which role policies (version 1.1) name it, the operation of a grant that lets it through, and the error codes
 * that it lists beside the common ones, for the states of its key too. Requests are routed by it; the reference and its tests read it.
 */
export interface VendorAction {
  /** The operation id, as the vendor's command line and SDKs call it. */
  readonly name: string
  readonly group: string
  readonly method: string
  /** `{name}` stands for one segment; for the last one, for everything that follows. */
  readonly path: string
  readonly status: number
  /** undefined where none is published. */
  readonly roleWord: string | undefined
  readonly grantOperation: string | undefined
  readonly errors: readonly string[]
}

/** A row: operation id, group, method, path, status, word of role policies, operation of grants, codes without `KMS.`. */
const table = `
CreateKey lifecycle POST /v1.0/{project_id}/kms/create-key 200 kms:cmk:create - 0315 0339 0340 1101 1102 1103 1104 1105 1110 1114 1115 8003
EnableKey lifecycle POST /v1.0/{project_id}/kms/enable-key 200 kms:cmk:enable - 0211 1201
DisableKey lifecycle POST /v1.0/{project_id}/kms/disable-key 200 kms:cmk:disable - 0211 1301
DeleteKey lifecycle POST /v1.0/{project_id}/kms/schedule-key-deletion 200 kms:cmk:update - 0211 0308 0320 1401 1402
CancelKeyDeletion lifecycle POST /v1.0/{project_id}/kms/cancel-key-deletion 200 kms:cmk:update - 1501
UpdateKeyAlias lifecycle POST /v1.0/{project_id}/kms/update-key-alias 200 kms:cmk:update - 0210 0211 1101 1104
UpdateKeyDescription lifecycle POST /v1.0/{project_id}/kms/update-key-description 200 kms:cmk:update - 0210 0211 1103
ListKeys query POST /v1.0/{project_id}/kms/list-keys 200 kms:cmk:list - 1601 1602
ListKeyDetail query POST /v1.0/{project_id}/kms/describe-key 200 kms:cmk:get describe-key
ShowPublicKey asymmetric POST /v1.0/{project_id}/kms/get-publickey 200 kms:cmk:get - 0209 0210 0308 0331 0341
ShowUserInstances quota GET /v1.0/{project_id}/kms/user-instances 200 kms:cmk:getInstance -
ShowUserQuotas quota GET /v1.0/{project_id}/kms/user-quotas 200 kms:cmk:getQuota - 2301
CreateRandom random POST /v1.0/{project_id}/kms/gen-random 200 kms:cmk:generate - 1801 1802
CreateDatakey datakey POST /v1.0/{project_id}/kms/create-datakey 200 kms:dek:create create-datakey 0208 0209 0210 0308 0320 0325 0335 0341 1901 1902 1903
CreateDatakeyWithoutPlaintext datakey POST /v1.0/{project_id}/kms/create-datakey-without-plaintext 200 kms:dek:create create-datakey-without-plaintext 0208 0209 0210 0308 0320 0325 0335 0341 1901 1902 1903
EncryptDatakey datakey POST /v1.0/{project_id}/kms/encrypt-datakey 200 kms:dek:crypto encrypt-datakey 0208 0209 0210 0308 0320 2101 2102 2103 2104 2105 2106 2108
DecryptDatakey datakey POST /v1.0/{project_id}/kms/decrypt-datakey 200 kms:dek:crypto decrypt-datakey 0208 0209 0210 0308 0320 2201 2202 2203 2204
CreateRsaDatakeyPair datakey POST /v1.0/{project_id}/kms/create-rsa-datakey-pair 200 kms:dek:create - 0209 0210 0308 0320 0325 1902
CreateEcDatakeyPair datakey POST /v1.0/{project_id}/kms/create-ec-datakey-pair 200 kms:dek:create - 0209 0210 0308 0320 0325 1902
CreatePin datakey POST /v1.0/{project_id}/kms/create-pin 200 - - 0308 0315
EncryptData crypto POST /v1.0/{project_id}/kms/encrypt-data 200 kms:cmk:crypto encrypt-data 0209 0210 0308 0320 0325 0331 0335 0341 1114 2108
DecryptData crypto POST /v1.0/{project_id}/kms/decrypt-data 200 kms:cmk:crypto decrypt-data 0205 0209 0210 0308 0320 2201
ReEncrypt crypto POST /v1.0/{project_id}/kms/re-encrypt 200 - - 0207 0209 0210 2201 2202
Sign asymmetric POST /v1.0/{project_id}/kms/sign 200 kms:cmk:sign - 0209 0210 0308 0320 0329 0331 0332 0334 0341 1115
ValidateSignature asymmetric POST /v1.0/{project_id}/kms/verify 200 kms:cmk:verify - 0209 0210 0308 0320 0329 0331 0332 0334 0341 1115
DeriveSharedSecret asymmetric POST /v1.0/{project_id}/kms/derive-shared-secret 200 - - 0209 0210 0308 0320 0334 3804
GenerateMac mac POST /v1.0/{project_id}/kms/generate-mac 200 - - 0209 0210 0308 0320 0325
VerifyMac mac POST /v1.0/{project_id}/kms/verify-mac 200 - - 0209 0210 0308 0320 0325
CreateParametersForImport import POST /v1.0/{project_id}/kms/get-parameters-for-import 200 kms:cmk:getMaterial - 0210 0308 0309 0310 1404
ImportKeyMaterial import POST /v1.0/{project_id}/kms/import-key-material 200 kms:cmk:importMaterial - 0210 0309 0310 0311 2601 2602 2603 2604 2605 2606 2608 2609 2610
DeleteImportedKeyMaterial import POST /v1.0/{project_id}/kms/delete-imported-key-material 200 kms:cmk:deleteMaterial - 0309 2701 2702
EnableKeyRotation rotation POST /v1.0/{project_id}/kms/enable-key-rotation 200 kms:cmk:enableRotation - 0209 0210 0211 0312 0319 0324 0338 2901
DisableKeyRotation rotation POST /v1.0/{project_id}/kms/disable-key-rotation 200 kms:cmk:disableRotation - 0210 0211 0312 0313
UpdateKeyRotationInterval rotation POST /v1.0/{project_id}/kms/update-key-rotation-interval 200 kms:cmk:updateRotation - 0210 0211 0313 3001
ShowKeyRotationStatus rotation POST /v1.0/{project_id}/kms/get-key-rotation-status 200 kms:cmk:getRotation - 0324
RotateOnDemand rotation POST /v1.0/{project_id}/kms/rotate-on-demand 200 - - 0308 0309
CreateGrant grant POST /v1.0/{project_id}/kms/create-grant 200 kms:grant:create create-grant 0209 0210 0211 2401 2402 2403 2404 2405 2406
CancelGrant grant POST /v1.0/{project_id}/kms/revoke-grant 200 kms:grant:revoke - 0306 2501 2502
CancelSelfGrant grant POST /v1.0/{project_id}/kms/retire-grant 200 kms:grant:retire retire-grant 0307 2501 2502
ListGrants grant POST /v1.0/{project_id}/kms/list-grants 200 kms:grant:list - 1601 1602
ListRetirableGrants grant POST /v1.0/{project_id}/kms/list-retirable-grants 200 kms:grant:list - 1601 1602
CreateKmsTag tag POST /v1.0/{project_id}/kms/{key_id}/tags 204 kms:cmkTag:create - 0211 0405 0406 0409 0410 0411
BatchCreateKmsTags tag POST /v1.0/{project_id}/kms/{key_id}/tags/action 204 kms:cmkTag:batch - 0211 0401 0404 0405 0406 0407 0409 0410 0411 0412
DeleteTag tag DELETE /v1.0/{project_id}/kms/{key_id}/tags/{key} 204 kms:cmkTag:delete - 0211 0416
ShowKmsTags tag GET /v1.0/{project_id}/kms/{key_id}/tags 200 kms:cmkTag:list -
ListKmsTags tag GET /v1.0/{project_id}/kms/tags 200 kms:cmkTag:list -
ListKmsByTags tag POST /v1.0/{project_id}/kms/{resource_instances}/action 200 kms:cmkTag:listInstance - 0402 0403 0404 0408 0413 0414 0415 0417 0418
CreateAlias alias POST /v1.0/{project_id}/kms/aliases 201 - - 0210 0211 1101 1104 1105
AssociateAlias alias POST /v1.0/{project_id}/kms/alias/associate 200 - - 0207 0210 0211
DeleteAlias alias DELETE /v1.0/{project_id}/kms/aliases 204 - - 0207
ListAliases alias GET /v1.0/{project_id}/kms/aliases 200 - -
CreateKeyStore keystore POST /v1.0/{project_id}/keystores 200 kms:keystore:create - 0308 0318 0340
DeleteKeyStore keystore DELETE /v1.0/{project_id}/keystores/{keystore_id} 204 kms:keystore:delete - 8003
DisableKeyStore keystore POST /v1.0/{project_id}/keystores/{keystore_id}/disable 200 kms:keystore:disable - 8003
EnableKeyStore keystore POST /v1.0/{project_id}/keystores/{keystore_id}/enable 200 kms:keystore:enable - 8003
ShowKeyStore keystore GET /v1.0/{project_id}/keystores/{keystore_id} 200 kms:keystore:get - 8003
ListKeyStores keystore GET /v1.0/{project_id}/keystores 200 kms:keystore:list -
ReplicateKey replication POST /v2/{project_id}/kms/keys/{key_id}/replicate 200 kms:cmk:replicate - 0106 1104 1105
UpdatePrimaryRegion replication PUT /v2/{project_id}/kms/keys/{key_id}/update-primary-region 200 kms:cmk:updatePrimaryRegion - 0308
ListSupportRegions replication GET /v2/{project_id}/kms/regions 200 - -
ShowVersions version GET / 200 - -
ShowVersion version GET /{version_id} 200 - - 0201
CreateAccessPoint access-point POST /v1.0/{project_id}/kms/access-points 201 - - 0308
ListAccessPoint access-point GET /v1.0/{project_id}/kms/access-points 200 - - 0308
EnableAccessPoint access-point POST /v1.0/{project_id}/kms/access-points/{access_point_id}/enable 204 - - 0308
DisableAccessPoint access-point POST /v1.0/{project_id}/kms/access-points/{access_point_id}/disable 204 - - 0308
DeleteAccessPoint access-point DELETE /v1.0/{project_id}/kms/access-points/{access_point_id} 204 - - 0308
DownloadAccessPointPrivateKey access-point POST /v1.0/{project_id}/kms/access-points/{access_point_id}/get-privatekey 200 - - 0308
CreateKeyPolicy policy POST /v1.0/{project_id}/kms/key-policies 201 - - 0308
ListKeyPolicy policy GET /v1.0/{project_id}/kms/key-policies 200 - - 0308
ShowKeyPolicy policy GET /v1.0/{project_id}/kms/key-policies/{policy_id} 200 - - 0308
UpdateKeyPolicy policy PUT /v1.0/{project_id}/kms/key-policies/{policy_id} 200 - - 0308
DeleteKeyPolicy policy DELETE /v1.0/{project_id}/kms/key-policies/{policy_id} 204 - - 0308
CreateDatakeyCapsule capsule POST /v1.0/{project_id}/kms/datakey-capsule/create 200 - - 0209 0210 0308 0320
DecryptDatakeyCapsule capsule POST /v1.0/{project_id}/kms/datakey-capsule/decrypt 200 - - 0209 0210 0308 0320 3804
`

const unlessNone = (word: string): string | undefined => (word === '-' ? undefined : word)

const parse = (line: string): VendorAction => {
  const [name = '', group = '', method = '', path = '', status = '', role = '', grant = '', ...codes] = line.split(' ')
  return {
    name,
    group,
    method,
    path,
    status: Number(status),
    roleWord: unlessNone(role),
    grantOperation: unlessNone(grant),
    errors: codes.map((code) => `KMS.${code}`),
  }
}

export const vendorActions: readonly VendorAction[] = table.trim().split('\n').map(parse)

/** Where the types of two SDKs have an array of what the published sample and every other client have as an object. */
export const readsArrayOf = (action: string, userAgent = ''): boolean =>
  action === 'ListAliases' && /^huaweicloud-usdk-(?:go|java)/.test(userAgent)

/** Codes whose meaning is documented for every call: of the request, of who sends it, and of the kind and state of a key. */
export const commonErrors: readonly string[] = [
  'APIGW.0301',
  'KMS.0101',
  'KMS.0104',
  'KMS.0201',
  'KMS.0202',
  'KMS.0203',
  'KMS.0204',
  'KMS.0205',
  'KMS.0206',
  'KMS.0207',
  'KMS.0209',
  'KMS.0210',
  'KMS.0211',
  'KMS.0214',
  'KMS.0215',
  'KMS.0301',
  'KMS.0302',
  'KMS.0303',
  'KMS.0305',
  'KMS.0306',
  'KMS.0307',
  'KMS.0308',
  'KMS.0321',
  'KMS.0325',
  'KMS.0331',
  'KMS.0335',
  'KMS.0341',
  'KMS.1114',
]

/** Every call that is served; its route is in `vendor.ts` under the same name. */
import type { Action } from '../../contract/action.ts'
import { AssociateAlias } from './actions/associate-alias.ts'
import { BatchCreateKmsTags } from './actions/batch-create-kms-tags.ts'
import { CancelGrant } from './actions/cancel-grant.ts'
import { CancelKeyDeletion } from './actions/cancel-key-deletion.ts'
import { CancelSelfGrant } from './actions/cancel-self-grant.ts'
import { CreateAccessPoint } from './actions/create-access-point.ts'
import { CreateAlias } from './actions/create-alias.ts'
import { CreateDatakey } from './actions/create-datakey.ts'
import { CreateDatakeyCapsule } from './actions/create-datakey-capsule.ts'
import { CreateDatakeyWithoutPlaintext } from './actions/create-datakey-without-plaintext.ts'
import { CreateEcDatakeyPair } from './actions/create-ec-datakey-pair.ts'
import { CreateGrant } from './actions/create-grant.ts'
import { CreateKey } from './actions/create-key.ts'
import { CreateKeyPolicy } from './actions/create-key-policy.ts'
import { CreateKeyStore } from './actions/create-key-store.ts'
import { CreateKmsTag } from './actions/create-kms-tag.ts'
import { CreateParametersForImport } from './actions/create-parameters-for-import.ts'
import { CreatePin } from './actions/create-pin.ts'
import { CreateRandom } from './actions/create-random.ts'
import { CreateRsaDatakeyPair } from './actions/create-rsa-datakey-pair.ts'
import { DecryptData } from './actions/decrypt-data.ts'
import { DecryptDatakey } from './actions/decrypt-datakey.ts'
import { DecryptDatakeyCapsule } from './actions/decrypt-datakey-capsule.ts'
import { DeleteAccessPoint } from './actions/delete-access-point.ts'
import { DeleteAlias } from './actions/delete-alias.ts'
import { DeleteImportedKeyMaterial } from './actions/delete-imported-key-material.ts'
import { DeleteKey } from './actions/delete-key.ts'
import { DeleteKeyPolicy } from './actions/delete-key-policy.ts'
import { DeleteKeyStore } from './actions/delete-key-store.ts'
import { DeleteTag } from './actions/delete-tag.ts'
import { DeriveSharedSecret } from './actions/derive-shared-secret.ts'
import { DisableAccessPoint } from './actions/disable-access-point.ts'
import { DisableKey } from './actions/disable-key.ts'
import { DisableKeyRotation } from './actions/disable-key-rotation.ts'
import { DisableKeyStore } from './actions/disable-key-store.ts'
import { DownloadAccessPointPrivateKey } from './actions/download-access-point-private-key.ts'
import { EnableAccessPoint } from './actions/enable-access-point.ts'
import { EnableKey } from './actions/enable-key.ts'
import { EnableKeyRotation } from './actions/enable-key-rotation.ts'
import { EnableKeyStore } from './actions/enable-key-store.ts'
import { EncryptData } from './actions/encrypt-data.ts'
import { EncryptDatakey } from './actions/encrypt-datakey.ts'
import { GenerateMac } from './actions/generate-mac.ts'
import { ImportKeyMaterial } from './actions/import-key-material.ts'
import { ListAccessPoint } from './actions/list-access-point.ts'
import { ListAliases } from './actions/list-aliases.ts'
import { ListGrants } from './actions/list-grants.ts'
import { ListKeyDetail } from './actions/list-key-detail.ts'
import { ListKeyPolicy } from './actions/list-key-policy.ts'
import { ListKeyStores } from './actions/list-key-stores.ts'
import { ListKeys } from './actions/list-keys.ts'
import { ListKmsByTags } from './actions/list-kms-by-tags.ts'
import { ListKmsTags } from './actions/list-kms-tags.ts'
import { ListRetirableGrants } from './actions/list-retirable-grants.ts'
import { ListSupportRegions } from './actions/list-support-regions.ts'
import { ReEncrypt } from './actions/re-encrypt.ts'
import { ReplicateKey } from './actions/replicate-key.ts'
import { RotateOnDemand } from './actions/rotate-on-demand.ts'
import { ShowKeyPolicy } from './actions/show-key-policy.ts'
import { ShowKeyRotationStatus } from './actions/show-key-rotation-status.ts'
import { ShowKeyStore } from './actions/show-key-store.ts'
import { ShowKmsTags } from './actions/show-kms-tags.ts'
import { ShowPublicKey } from './actions/show-public-key.ts'
import { ShowUserInstances } from './actions/show-user-instances.ts'
import { ShowUserQuotas } from './actions/show-user-quotas.ts'
import { ShowVersion } from './actions/show-version.ts'
import { ShowVersions } from './actions/show-versions.ts'
import { Sign } from './actions/sign.ts'
import { UpdateKeyAlias } from './actions/update-key-alias.ts'
import { UpdateKeyDescription } from './actions/update-key-description.ts'
import { UpdateKeyPolicy } from './actions/update-key-policy.ts'
import { UpdateKeyRotationInterval } from './actions/update-key-rotation-interval.ts'
import { UpdatePrimaryRegion } from './actions/update-primary-region.ts'
import { ValidateSignature } from './actions/validate-signature.ts'
import { VerifyMac } from './actions/verify-mac.ts'
import type { Code } from './codes.ts'

export const actions: readonly Action<Code>[] = [
  AssociateAlias,
  BatchCreateKmsTags,
  CancelGrant,
  CancelKeyDeletion,
  CancelSelfGrant,
  CreateAccessPoint,
  CreateAlias,
  CreateDatakey,
  CreateDatakeyCapsule,
  CreateDatakeyWithoutPlaintext,
  CreateEcDatakeyPair,
  CreateGrant,
  CreateKey,
  CreateKeyPolicy,
  CreateKeyStore,
  CreateKmsTag,
  CreateParametersForImport,
  CreatePin,
  CreateRandom,
  CreateRsaDatakeyPair,
  DecryptData,
  DecryptDatakey,
  DecryptDatakeyCapsule,
  DeleteAccessPoint,
  DeleteAlias,
  DeleteImportedKeyMaterial,
  DeleteKey,
  DeleteKeyPolicy,
  DeleteKeyStore,
  DeleteTag,
  DeriveSharedSecret,
  DisableAccessPoint,
  DisableKey,
  DisableKeyRotation,
  DisableKeyStore,
  DownloadAccessPointPrivateKey,
  EnableAccessPoint,
  EnableKey,
  EnableKeyRotation,
  EnableKeyStore,
  EncryptData,
  EncryptDatakey,
  GenerateMac,
  ImportKeyMaterial,
  ListAccessPoint,
  ListAliases,
  ListGrants,
  ListKeyDetail,
  ListKeyPolicy,
  ListKeyStores,
  ListKeys,
  ListKmsByTags,
  ListKmsTags,
  ListRetirableGrants,
  ListSupportRegions,
  ReEncrypt,
  ReplicateKey,
  RotateOnDemand,
  ShowKeyPolicy,
  ShowKeyRotationStatus,
  ShowKeyStore,
  ShowKmsTags,
  ShowPublicKey,
  ShowUserInstances,
  ShowUserQuotas,
  ShowVersion,
  ShowVersions,
  Sign,
  UpdateKeyAlias,
  UpdateKeyDescription,
  UpdateKeyPolicy,
  UpdateKeyRotationInterval,
  UpdatePrimaryRegion,
  ValidateSignature,
  VerifyMac,
]

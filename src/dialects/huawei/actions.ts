/** Every call that is served; its route is in `vendor.ts` under the same name. */
import type { Action } from '../../contract/action.ts'
import { CancelGrant } from './actions/cancel-grant.ts'
import { CancelKeyDeletion } from './actions/cancel-key-deletion.ts'
import { CancelSelfGrant } from './actions/cancel-self-grant.ts'
import { CreateDatakey } from './actions/create-datakey.ts'
import { CreateDatakeyWithoutPlaintext } from './actions/create-datakey-without-plaintext.ts'
import { CreateEcDatakeyPair } from './actions/create-ec-datakey-pair.ts'
import { CreateGrant } from './actions/create-grant.ts'
import { CreateKey } from './actions/create-key.ts'
import { CreateKeyStore } from './actions/create-key-store.ts'
import { CreateParametersForImport } from './actions/create-parameters-for-import.ts'
import { CreatePin } from './actions/create-pin.ts'
import { CreateRandom } from './actions/create-random.ts'
import { CreateRsaDatakeyPair } from './actions/create-rsa-datakey-pair.ts'
import { DecryptData } from './actions/decrypt-data.ts'
import { DecryptDatakey } from './actions/decrypt-datakey.ts'
import { DeleteImportedKeyMaterial } from './actions/delete-imported-key-material.ts'
import { DeleteKey } from './actions/delete-key.ts'
import { DeleteKeyStore } from './actions/delete-key-store.ts'
import { DeriveSharedSecret } from './actions/derive-shared-secret.ts'
import { DisableKey } from './actions/disable-key.ts'
import { DisableKeyRotation } from './actions/disable-key-rotation.ts'
import { DisableKeyStore } from './actions/disable-key-store.ts'
import { EnableKey } from './actions/enable-key.ts'
import { EnableKeyRotation } from './actions/enable-key-rotation.ts'
import { EnableKeyStore } from './actions/enable-key-store.ts'
import { EncryptData } from './actions/encrypt-data.ts'
import { EncryptDatakey } from './actions/encrypt-datakey.ts'
import { GenerateMac } from './actions/generate-mac.ts'
import { ImportKeyMaterial } from './actions/import-key-material.ts'
import { ListGrants } from './actions/list-grants.ts'
import { ListKeyDetail } from './actions/list-key-detail.ts'
import { ListKeyStores } from './actions/list-key-stores.ts'
import { ListKeys } from './actions/list-keys.ts'
import { ListRetirableGrants } from './actions/list-retirable-grants.ts'
import { ListSupportRegions } from './actions/list-support-regions.ts'
import { ReEncrypt } from './actions/re-encrypt.ts'
import { ReplicateKey } from './actions/replicate-key.ts'
import { ShowKeyRotationStatus } from './actions/show-key-rotation-status.ts'
import { ShowKeyStore } from './actions/show-key-store.ts'
import { ShowPublicKey } from './actions/show-public-key.ts'
import { ShowUserInstances } from './actions/show-user-instances.ts'
import { ShowUserQuotas } from './actions/show-user-quotas.ts'
import { Sign } from './actions/sign.ts'
import { UpdateKeyAlias } from './actions/update-key-alias.ts'
import { UpdateKeyDescription } from './actions/update-key-description.ts'
import { UpdateKeyRotationInterval } from './actions/update-key-rotation-interval.ts'
import { UpdatePrimaryRegion } from './actions/update-primary-region.ts'
import { ValidateSignature } from './actions/validate-signature.ts'
import { VerifyMac } from './actions/verify-mac.ts'
import type { Code } from './codes.ts'

export const actions: readonly Action<Code>[] = [
  CancelGrant,
  CancelKeyDeletion,
  CancelSelfGrant,
  CreateDatakey,
  CreateDatakeyWithoutPlaintext,
  CreateEcDatakeyPair,
  CreateGrant,
  CreateKey,
  CreateKeyStore,
  CreateParametersForImport,
  CreatePin,
  CreateRandom,
  CreateRsaDatakeyPair,
  DecryptData,
  DecryptDatakey,
  DeleteImportedKeyMaterial,
  DeleteKey,
  DeleteKeyStore,
  DeriveSharedSecret,
  DisableKey,
  DisableKeyRotation,
  DisableKeyStore,
  EnableKey,
  EnableKeyRotation,
  EnableKeyStore,
  EncryptData,
  EncryptDatakey,
  GenerateMac,
  ImportKeyMaterial,
  ListGrants,
  ListKeyDetail,
  ListKeyStores,
  ListKeys,
  ListRetirableGrants,
  ListSupportRegions,
  ReEncrypt,
  ReplicateKey,
  ShowKeyRotationStatus,
  ShowKeyStore,
  ShowPublicKey,
  ShowUserInstances,
  ShowUserQuotas,
  Sign,
  UpdateKeyAlias,
  UpdateKeyDescription,
  UpdateKeyRotationInterval,
  UpdatePrimaryRegion,
  ValidateSignature,
  VerifyMac,
]

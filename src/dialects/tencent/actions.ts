/** Every action of this dialect, one file each. */

import { ArchiveKey } from './actions/archive-key.ts'
import { AsymmetricRsaDecrypt } from './actions/asymmetric-rsa-decrypt.ts'
import { AsymmetricSm2Decrypt } from './actions/asymmetric-sm2-decrypt.ts'
import { BindCloudResource } from './actions/bind-cloud-resource.ts'
import { CancelDataKeyDeletion } from './actions/cancel-data-key-deletion.ts'
import { CancelKeyArchive } from './actions/cancel-key-archive.ts'
import { CancelKeyDeletion } from './actions/cancel-key-deletion.ts'
import { CreateKey } from './actions/create-key.ts'
import { CreateWhiteBoxKey } from './actions/create-white-box-key.ts'
import { Decrypt } from './actions/decrypt.ts'
import { DeleteImportedKeyMaterial } from './actions/delete-imported-key-material.ts'
import { DeleteWhiteBoxKey } from './actions/delete-white-box-key.ts'
import { DescribeDataKey } from './actions/describe-data-key.ts'
import { DescribeDataKeys } from './actions/describe-data-keys.ts'
import { DescribeKey } from './actions/describe-key.ts'
import { DescribeKeys } from './actions/describe-keys.ts'
import { DescribeWhiteBoxDecryptKey } from './actions/describe-white-box-decrypt-key.ts'
import { DescribeWhiteBoxDeviceFingerprints } from './actions/describe-white-box-device-fingerprints.ts'
import { DescribeWhiteBoxKey } from './actions/describe-white-box-key.ts'
import { DescribeWhiteBoxKeyDetails } from './actions/describe-white-box-key-details.ts'
import { DescribeWhiteBoxServiceStatus } from './actions/describe-white-box-service-status.ts'
import { DisableDataKey } from './actions/disable-data-key.ts'
import { DisableDataKeys } from './actions/disable-data-keys.ts'
import { DisableKey } from './actions/disable-key.ts'
import { DisableKeyRotation } from './actions/disable-key-rotation.ts'
import { DisableKeys } from './actions/disable-keys.ts'
import { DisableWhiteBoxKey } from './actions/disable-white-box-key.ts'
import { DisableWhiteBoxKeys } from './actions/disable-white-box-keys.ts'
import { EnableDataKey } from './actions/enable-data-key.ts'
import { EnableDataKeys } from './actions/enable-data-keys.ts'
import { EnableKey } from './actions/enable-key.ts'
import { EnableKeyRotation } from './actions/enable-key-rotation.ts'
import { EnableKeys } from './actions/enable-keys.ts'
import { EnableWhiteBoxKey } from './actions/enable-white-box-key.ts'
import { EnableWhiteBoxKeys } from './actions/enable-white-box-keys.ts'
import { Encrypt } from './actions/encrypt.ts'
import { EncryptByWhiteBox } from './actions/encrypt-by-white-box.ts'
import { GenerateDataKey } from './actions/generate-data-key.ts'
import { GenerateRandom } from './actions/generate-random.ts'
import { GetDataKeyCiphertextBlob } from './actions/get-data-key-ciphertext-blob.ts'
import { GetDataKeyPlaintext } from './actions/get-data-key-plaintext.ts'
import { GetKeyRotationStatus } from './actions/get-key-rotation-status.ts'
import { GetParametersForImport } from './actions/get-parameters-for-import.ts'
import { GetPublicKey } from './actions/get-public-key.ts'
import { GetRegions } from './actions/get-regions.ts'
import { GetServiceStatus } from './actions/get-service-status.ts'
import { ImportDataKey } from './actions/import-data-key.ts'
import { ImportKeyMaterial } from './actions/import-key-material.ts'
import { ListAlgorithms } from './actions/list-algorithms.ts'
import { ListDataKeyDetail } from './actions/list-data-key-detail.ts'
import { ListDataKeys } from './actions/list-data-keys.ts'
import { ListKeyDetail } from './actions/list-key-detail.ts'
import { ListKeys } from './actions/list-keys.ts'
import { OverwriteWhiteBoxDeviceFingerprints } from './actions/overwrite-white-box-device-fingerprints.ts'
import { PostQuantumCryptoDecrypt } from './actions/post-quantum-crypto-decrypt.ts'
import { PostQuantumCryptoEncrypt } from './actions/post-quantum-crypto-encrypt.ts'
import { PostQuantumCryptoSign } from './actions/post-quantum-crypto-sign.ts'
import { PostQuantumCryptoVerify } from './actions/post-quantum-crypto-verify.ts'
import { ReEncrypt } from './actions/re-encrypt.ts'
import { RotateKey } from './actions/rotate-key.ts'
import { ScheduleDataKeyDeletion } from './actions/schedule-data-key-deletion.ts'
import { ScheduleKeyDeletion } from './actions/schedule-key-deletion.ts'
import { SignByAsymmetricKey } from './actions/sign-by-asymmetric-key.ts'
import { UnbindCloudResource } from './actions/unbind-cloud-resource.ts'
import { UpdateAlias } from './actions/update-alias.ts'
import { UpdateDataKeyDescription } from './actions/update-data-key-description.ts'
import { UpdateDataKeyName } from './actions/update-data-key-name.ts'
import { UpdateKeyDescription } from './actions/update-key-description.ts'
import { VerifyByAsymmetricKey } from './actions/verify-by-asymmetric-key.ts'

export const actions = [
  ArchiveKey,
  AsymmetricRsaDecrypt,
  AsymmetricSm2Decrypt,
  BindCloudResource,
  CancelDataKeyDeletion,
  CancelKeyArchive,
  CancelKeyDeletion,
  CreateKey,
  CreateWhiteBoxKey,
  Decrypt,
  DeleteImportedKeyMaterial,
  DeleteWhiteBoxKey,
  DescribeDataKey,
  DescribeDataKeys,
  DescribeKey,
  DescribeKeys,
  DescribeWhiteBoxDecryptKey,
  DescribeWhiteBoxDeviceFingerprints,
  DescribeWhiteBoxKey,
  DescribeWhiteBoxKeyDetails,
  DescribeWhiteBoxServiceStatus,
  DisableDataKey,
  DisableDataKeys,
  DisableKey,
  DisableKeyRotation,
  DisableKeys,
  DisableWhiteBoxKey,
  DisableWhiteBoxKeys,
  EnableDataKey,
  EnableDataKeys,
  EnableKey,
  EnableKeyRotation,
  EnableKeys,
  EnableWhiteBoxKey,
  EnableWhiteBoxKeys,
  Encrypt,
  EncryptByWhiteBox,
  GenerateDataKey,
  GenerateRandom,
  GetDataKeyCiphertextBlob,
  GetDataKeyPlaintext,
  GetKeyRotationStatus,
  GetParametersForImport,
  GetPublicKey,
  GetRegions,
  GetServiceStatus,
  ImportDataKey,
  ImportKeyMaterial,
  ListAlgorithms,
  ListDataKeyDetail,
  ListDataKeys,
  ListKeyDetail,
  ListKeys,
  OverwriteWhiteBoxDeviceFingerprints,
  PostQuantumCryptoDecrypt,
  PostQuantumCryptoEncrypt,
  PostQuantumCryptoSign,
  PostQuantumCryptoVerify,
  ReEncrypt,
  RotateKey,
  ScheduleDataKeyDeletion,
  ScheduleKeyDeletion,
  SignByAsymmetricKey,
  UnbindCloudResource,
  UpdateAlias,
  UpdateDataKeyDescription,
  UpdateDataKeyName,
  UpdateKeyDescription,
  VerifyByAsymmetricKey,
]

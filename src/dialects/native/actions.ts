/** Every action of this dialect, one file each or one for a small family. */
import type { Action } from '../../contract/action.ts'
import { AccessKeyDelete, AccessKeyDisable, AccessKeyEnable } from './actions/access-key-change.ts'
import { AccessKeyCreate } from './actions/access-key-create.ts'
import { AccessKeyList } from './actions/access-key-list.ts'
import { AccountAdministrator } from './actions/account-administrator.ts'
import { AccountCreate } from './actions/account-create.ts'
import { AccountList } from './actions/account-list.ts'
import { AliasCreate, AliasDelete, AliasList, AliasMove } from './actions/alias.ts'
import { BindingList, KeyPublic, KeyVersions } from './actions/around-key.ts'
import { DecryptAsymmetric, DeriveSharedSecret, EncryptAsymmetric } from './actions/asymmetric.ts'
import { AuditLines } from './actions/audit-lines.ts'
import { AuditSearch, AuditTail } from './actions/audit-pages.ts'
import { Backup, RestoreAccept, RestoreStatus } from './actions/backup.ts'
import { DataKeyCreate, DataKeyImport } from './actions/data-key-create.ts'
import { DataKeyList } from './actions/data-key-list.ts'
import { DataKeyCiphertext, DataKeyDescribe, DataKeyRead, DataKeyRename, DataKeyShow } from './actions/data-key-show.ts'
import { DataKeyDestroy, DataKeyKeep, DataKeyResume, DataKeySuspend } from './actions/data-key-states.ts'
import { Decrypt, Encrypt, ReEncrypt } from './actions/encrypt.ts'
import { GenerateDataKey, Random } from './actions/generate.ts'
import { GrantRevoke } from './actions/grant-revoke.ts'
import { GrantCreate, GrantList } from './actions/grants.ts'
import { Doctor, Status } from './actions/installation.ts'
import { KeyChange, KeyRotate, KeySetRotation, KeyTag, KeyUntag } from './actions/key-change.ts'
import { KeyCreate } from './actions/key-create.ts'
import { KeyEmpty, KeyImport, KeyImportPrepare } from './actions/key-import.ts'
import { KeyImportNext, KeyImportPrivate, KeyRotateImported } from './actions/key-import-more.ts'
import { KeyList } from './actions/key-list.ts'
import { type CloudViews, keyShowWith } from './actions/key-show.ts'
import { KeyDeactivate, KeyDestroy, KeyKeep, KeyReactivate, KeyResume, KeySuspend } from './actions/key-states.ts'
import { Limits, MetricsSeries } from './actions/limits.ts'
import { Canaries, Nodes } from './actions/looking-after.ts'
import { Mac, VerifyMac } from './actions/mac.ts'
import { PolicyAttach } from './actions/policy-attach.ts'
import { PolicyCheck } from './actions/policy-check.ts'
import { PolicyDetach } from './actions/policy-detach.ts'
import { PolicyList } from './actions/policy-list.ts'
import { PolicySimulate } from './actions/policy-simulate.ts'
import { PolicyValidate } from './actions/policy-validate.ts'
import { DecryptPostQuantum, EncryptPostQuantum } from './actions/post-quantum.ts'
import { ProductKeyCreate } from './actions/product-key-create.ts'
import { RoleCreate } from './actions/role-create.ts'
import { RoleDelete } from './actions/role-delete.ts'
import { RoleList } from './actions/role-list.ts'
import { SealAdopt, SealPrepare } from './actions/seal-migrate.ts'
import { SealRewrap, SealRotate, SealSettle } from './actions/seal-rotate.ts'
import { SealStatus } from './actions/seal-status.ts'
import { SealUnseal } from './actions/seal-unseal.ts'
import { SessionCreate, SessionRenew, SessionShow } from './actions/session.ts'
import { SessionEnd, SessionEndAll } from './actions/session-end.ts'
import { Sign, Verify } from './actions/sign.ts'
import { UpgradeFinish, UpgradeStatus } from './actions/upgrade.ts'
import { UserChange, UserDelete, UserShow } from './actions/user-change.ts'
import { UserCreate } from './actions/user-create.ts'
import { UserList } from './actions/user-list.ts'
import { UserPassword } from './actions/user-password.ts'
import { KeyImpact, KeyUses, UsesTotal } from './actions/uses.ts'
import { WhiteBoxCreate, WhiteBoxEncrypt, WhiteBoxList, WhiteBoxShow, WhiteBoxTables } from './actions/white-box.ts'
import {
  WhiteBoxDelete,
  WhiteBoxDevices,
  WhiteBoxResume,
  WhiteBoxSetDevices,
  WhiteBoxSuspend,
} from './actions/white-box-change.ts'
import { batchOf } from './batch.ts'
import type { Code } from './codes.ts'

const batches: readonly Action<Code>[] = [
  batchOf(Encrypt, 'batch-encrypt', 'Seal several plaintexts.'),
  batchOf(Decrypt, 'batch-decrypt', 'Open several ciphertexts.'),
  batchOf(ReEncrypt, 'batch-re-encrypt', 'Move several ciphertexts.'),
]

const declared: readonly Action<Code>[] = [
  KeyUses,
  UsesTotal,
  KeyImpact,
  AccessKeyDisable,
  AccessKeyEnable,
  AccessKeyDelete,
  AccessKeyCreate,
  AccessKeyList,
  AccountAdministrator,
  AccountCreate,
  AccountList,
  AliasCreate,
  AliasMove,
  AliasDelete,
  AliasList,
  KeyVersions,
  BindingList,
  KeyPublic,
  AuditSearch,
  AuditTail,
  AuditLines,
  Nodes,
  Canaries,
  Limits,
  MetricsSeries,
  PolicySimulate,
  PolicyValidate,
  Backup,
  RestoreStatus,
  RestoreAccept,
  DataKeyCreate,
  DataKeyImport,
  DataKeyList,
  DataKeyShow,
  DataKeyRead,
  DataKeyCiphertext,
  DataKeyRename,
  DataKeyDescribe,
  DataKeySuspend,
  DataKeyResume,
  DataKeyDestroy,
  DataKeyKeep,
  Encrypt,
  Decrypt,
  ReEncrypt,
  EncryptAsymmetric,
  DecryptAsymmetric,
  EncryptPostQuantum,
  DecryptPostQuantum,
  DeriveSharedSecret,
  GenerateDataKey,
  Random,
  GrantCreate,
  GrantList,
  GrantRevoke,
  Status,
  Doctor,
  KeyChange,
  KeyRotate,
  KeySetRotation,
  KeyTag,
  KeyUntag,
  KeyCreate,
  KeyImportPrepare,
  KeyImport,
  KeyImportPrivate,
  KeyImportNext,
  KeyRotateImported,
  KeyEmpty,
  KeyList,
  KeySuspend,
  KeyResume,
  KeyDeactivate,
  KeyReactivate,
  KeyDestroy,
  KeyKeep,
  Mac,
  VerifyMac,
  PolicyAttach,
  PolicyCheck,
  PolicyDetach,
  PolicyList,
  ProductKeyCreate,
  RoleCreate,
  RoleDelete,
  RoleList,
  SealPrepare,
  SealAdopt,
  SealRotate,
  SealRewrap,
  SealSettle,
  SealStatus,
  SealUnseal,
  SessionEnd,
  SessionEndAll,
  SessionCreate,
  SessionRenew,
  SessionShow,
  Sign,
  Verify,
  UpgradeStatus,
  UpgradeFinish,
  UserShow,
  UserChange,
  UserDelete,
  UserCreate,
  UserList,
  UserPassword,
  WhiteBoxCreate,
  WhiteBoxList,
  WhiteBoxShow,
  WhiteBoxTables,
  WhiteBoxEncrypt,
  WhiteBoxSuspend,
  WhiteBoxResume,
  WhiteBoxDelete,
  WhiteBoxDevices,
  WhiteBoxSetDevices,
]

/** How clouds show a key is theirs to say. */
export const actionsWith = (clouds: CloudViews): readonly Action<Code>[] => [
  ...declared,
  keyShowWith(clouds),
  ...batches,
]

/** As they are declared, without any cloud. */
export const actions = actionsWith({})

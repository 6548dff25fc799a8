/** Every action of this dialect, one file each or one for a small family. */

import type { Action } from '../../contract/action.ts'
import { AccessKeyDelete, AccessKeyDisable, AccessKeyEnable } from './actions/access-key-change.ts'
import { AccessKeyCreate } from './actions/access-key-create.ts'
import { AccessKeyList } from './actions/access-key-list.ts'
import { AccountAdministrator } from './actions/account-administrator.ts'
import { AccountCreate } from './actions/account-create.ts'
import { AccountList } from './actions/account-list.ts'
import { AuditSearch } from './actions/audit-search.ts'
import { Backup, RestoreAccept, RestoreStatus } from './actions/backup.ts'
import { Doctor, Status } from './actions/installation.ts'
import { DataKeyKeep, KeyKeep } from './actions/keep.ts'
import { PolicyAttach } from './actions/policy-attach.ts'
import { PolicyCheck } from './actions/policy-check.ts'
import { PolicyDetach } from './actions/policy-detach.ts'
import { PolicyList } from './actions/policy-list.ts'
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
import { UpgradeFinish, UpgradeStatus } from './actions/upgrade.ts'
import { UserChange, UserDelete, UserShow } from './actions/user-change.ts'
import { UserCreate } from './actions/user-create.ts'
import { UserList } from './actions/user-list.ts'
import { UserPassword } from './actions/user-password.ts'
import {
  DataKeyDestroy,
  DataKeySuspend,
  GrantRevoke,
  KeyDeactivate,
  KeyDestroy,
  KeyEmpty,
  KeySuspend,
} from './actions/withdraw.ts'
import type { Code } from './codes.ts'

export const actions: readonly Action<Code>[] = [
  SessionCreate,
  SessionShow,
  SessionRenew,
  SessionEnd,
  SessionEndAll,
  AccessKeyDisable,
  AccessKeyEnable,
  AccessKeyDelete,
  AccessKeyCreate,
  AccessKeyList,
  AccountAdministrator,
  AccountCreate,
  AccountList,
  AuditSearch,
  Backup,
  RestoreStatus,
  RestoreAccept,
  KeySuspend,
  KeyDeactivate,
  KeyDestroy,
  KeyEmpty,
  KeyKeep,
  GrantRevoke,
  DataKeySuspend,
  DataKeyDestroy,
  DataKeyKeep,
  Status,
  Doctor,
  PolicyAttach,
  PolicyCheck,
  PolicyDetach,
  PolicyList,
  ProductKeyCreate,
  RoleCreate,
  RoleDelete,
  RoleList,
  SealAdopt,
  SealPrepare,
  SealRewrap,
  SealRotate,
  SealSettle,
  SealStatus,
  SealUnseal,
  UpgradeStatus,
  UpgradeFinish,
  UserCreate,
  UserShow,
  UserChange,
  UserDelete,
  UserList,
  UserPassword,
]

/** Written by `npm run reference` from the OpenAPI document of the native API. */
export interface Actions {
  'access-key-create': {
    asked: { user: string; account?: string; dialect?: "tencent" | "huawei" }
    answered: { dialect: string; id: string; secret: string }
  }
  'access-key-delete': {
    asked: { id: string; account?: string }
    answered: { id: string }
  }
  'access-key-disable': {
    asked: { id: string; account?: string }
    answered: { id: string }
  }
  'access-key-enable': {
    asked: { id: string; account?: string }
    answered: { id: string }
  }
  'access-key-list': {
    asked: { account?: string }
    answered: { accessKeys: { id: string; dialect: string; user: string; disabled: boolean; createdAt: string }[] }
  }
  'account-administrator': {
    asked: { account: string; administrator?: string }
    answered: { id: string; name: string; administrator: string | null }
  }
  'account-create': {
    asked: { name: string }
    answered: { id: string; name: string }
  }
  'account-list': {
    asked: Record<never, never>
    answered: { accounts: { id: string; name: string; createdAt: string }[] }
  }
  'alias-create': {
    asked: { name: string; key: string }
    answered: { alias: { name: string; key: string; createdAt: string; updatedAt: string } }
  }
  'alias-delete': {
    asked: { name: string }
    answered: Record<never, never>
  }
  'alias-list': {
    asked: { key?: string; limit?: number; cursor?: string }
    answered: { aliases: { name: string; key: string; createdAt: string; updatedAt: string }[]; next: string | null }
  }
  'alias-move': {
    asked: { name: string; key: string }
    answered: { alias: { name: string; key: string; createdAt: string; updatedAt: string } }
  }
  'audit-lines': {
    asked: { since?: number; until?: number; action?: string; principal?: string; key?: string; outcome?: "success" | "refused" | "unknown" | "failed"; request?: string; source?: string; limit?: number }
    answered: string
  }
  'audit-search': {
    asked: { from?: string; to?: string; key?: string; principal?: string; action?: string; dialect?: string; outcome?: "success" | "refused" | "unknown" | "failed"; request?: string; source?: string; text?: string; account?: string; limit?: number; cursor?: string }
    answered: { entries: (Record<string, unknown>)[]; next: string | null }
  }
  'audit-tail': {
    asked: { from?: string; to?: string; key?: string; principal?: string; action?: string; dialect?: string; outcome?: "success" | "refused" | "unknown" | "failed"; request?: string; source?: string; text?: string; account?: string; limit?: number; cursor?: string }
    answered: { entries: (Record<string, unknown>)[]; next: string }
  }
  'backup': {
    asked: Record<never, never>
    answered: string
  }
  'batch-decrypt': {
    asked: { items: { ciphertext: string; context?: unknown }[] }
    answered: { results: { plaintext?: string; keyId?: string; keyVersion?: number; problem?: { type: string; title: string; status: number; detail: string; instance: string; member?: string } }[] }
  }
  'batch-encrypt': {
    asked: { items: { key: string; plaintext: string; context?: unknown }[] }
    answered: { results: { ciphertext?: string; keyId?: string; keyVersion?: number; problem?: { type: string; title: string; status: number; detail: string; instance: string; member?: string } }[] }
  }
  'batch-re-encrypt': {
    asked: { items: { ciphertext: string; context?: unknown; key?: string; newContext?: unknown }[] }
    answered: { results: { ciphertext?: string; keyId?: string; keyVersion?: number; problem?: { type: string; title: string; status: number; detail: string; instance: string; member?: string } }[] }
  }
  'binding-list': {
    asked: { key: string; limit?: number; cursor?: string }
    answered: { bindings: { product: string; resource: string; createdAt: string }[]; next: string | null }
  }
  'canaries': {
    asked: Record<never, never>
    answered: { startedAt: string | null; done: boolean; checked: number; failed: string[] }
  }
  'data-key-cancel-destruction': {
    asked: { dataKey: string }
    answered: Record<never, never>
  }
  'data-key-ciphertext': {
    asked: { dataKey: string }
    answered: { ciphertext: string }
  }
  'data-key-create': {
    asked: { key: string; bytes?: number; context?: unknown; name: string; description?: string; tags?: { key: string; value: string }[] }
    answered: { dataKey: string; plaintext: string; ciphertext: string; keyId: string }
  }
  'data-key-describe': {
    asked: { dataKey: string; description: string }
    answered: Record<never, never>
  }
  'data-key-import': {
    asked: { key?: string; plaintext?: string; ciphertext?: string; name: string; description?: string; tags?: { key: string; value: string }[] }
    answered: { dataKey: string; keyId: string }
  }
  'data-key-list': {
    asked: { key?: string; search?: string; limit?: number; cursor?: string }
    answered: { dataKeys: ({ id: string; name: string; description: string; state: string; key: string; bytes: number; origin: string; createdAt: string; destroyAt: string | null; revision: number })[]; next: string | null; total: number }
  }
  'data-key-read': {
    asked: { dataKey: string }
    answered: { plaintext: string }
  }
  'data-key-rename': {
    asked: { dataKey: string; name: string }
    answered: Record<never, never>
  }
  'data-key-resume': {
    asked: { dataKey: string }
    answered: Record<never, never>
  }
  'data-key-schedule-destruction': {
    asked: { dataKey: string; days: number }
    answered: Record<never, never>
  }
  'data-key-show': {
    asked: { dataKey: string }
    answered: { dataKey: { id: string; name: string; description: string; state: string; key: string; bytes: number; origin: string; createdAt: string; destroyAt: string | null; revision: number } }
  }
  'data-key-suspend': {
    asked: { dataKey: string }
    answered: Record<never, never>
  }
  'decrypt': {
    asked: { ciphertext: string; context?: unknown }
    answered: { plaintext: string; keyId: string; keyVersion: number }
  }
  'decrypt-asymmetric': {
    asked: { key: string; ciphertext: string; scheme: "rsaOaepSha256" | "rsaOaepSha1" | "rsaPkcs1" }
    answered: { plaintext: string; keyId: string }
  }
  'decrypt-post-quantum': {
    asked: { ciphertext: string; context?: unknown }
    answered: { plaintext: string; keyId: string }
  }
  'derive-shared-secret': {
    asked: { key: string; publicKey: string }
    answered: { secret: string; keyId: string }
  }
  'doctor': {
    asked: Record<never, never>
    answered: string
  }
  'encrypt': {
    asked: { key: string; plaintext: string; context?: unknown }
    answered: { ciphertext: string; keyId: string; keyVersion: number }
  }
  'encrypt-asymmetric': {
    asked: { key: string; plaintext: string; scheme: "rsaOaepSha256" | "rsaOaepSha1" | "rsaPkcs1" | "sm2Der" | "sm2Raw" }
    answered: { ciphertext: string; keyId: string }
  }
  'encrypt-post-quantum': {
    asked: { key: string; plaintext: string; context?: unknown }
    answered: { ciphertext: string; keyId: string }
  }
  'generate-data-key': {
    asked: { key: string; bytes?: number; context?: unknown }
    answered: { plaintext: string; ciphertext: string; keyId: string }
  }
  'grant-create': {
    asked: { key: string; user: string; rights: ("describe" | "encrypt" | "decrypt" | "generateDataKey" | "getPublicKey" | "sign" | "verify" | "generateMac" | "verifyMac")[]; name?: string }
    answered: { grant: string }
  }
  'grant-list': {
    asked: { key: string; limit?: number; cursor?: string }
    answered: { grants: { id: string; name: string; grantee: string; dialect: string; operations: string[]; creator: string; createdAt: string }[]; next: string | null; total: number }
  }
  'grant-revoke': {
    asked: { key: string; grant: string }
    answered: Record<never, never>
  }
  'key-cancel-destruction': {
    asked: { key: string }
    answered: Record<never, never>
  }
  'key-change': {
    asked: { key: string; name?: string; description?: string }
    answered: Record<never, never>
  }
  'key-create': {
    asked: { name: string; description?: string; usage?: "encryptDecrypt" | "signVerify" | "generateVerifyMac" | "keyAgreement"; algorithm?: "aes-256" | "sm4" | "hmac-sha256" | "hmac-sha384" | "hmac-sha512" | "hmac-sm3" | "rsa-2048" | "rsa-3072" | "rsa-4096" | "ec-p256" | "ec-p384" | "ec-p521" | "ec-secp256k1" | "ed25519" | "sm2" | "ml-kem-1024" | "ml-dsa-44" | "ml-dsa-65" | "ml-dsa-87"; origin?: "generated" | "imported"; rotation?: { enabled: boolean; periodDays?: number }; tags?: { key: string; value: string }[] }
    answered: { key: { id: string; name: string; description: string; state: "preActive" | "active" | "suspended" | "deactivated" | "destructionScheduled" | "destroyed"; usage: "encryptDecrypt" | "signVerify" | "generateVerifyMac" | "keyAgreement"; algorithm: string; origin: "generated" | "imported"; owner: string; creator: string; region: string; createdAt: string; primaryVersion: number; rotation: { enabled: boolean; periodDays: number; nextAt: string | null; lastAt: string | null }; destroyAt: string | null; materialPresent: boolean; materialExpiresAt: string | null; tags: { key: string; value: string }[]; aliases: string[]; keyStore: string | null; bindings: number; revision: number } }
  }
  'key-deactivate': {
    asked: { key: string }
    answered: Record<never, never>
  }
  'key-delete-material': {
    asked: { key: string }
    answered: Record<never, never>
  }
  'key-impact': {
    asked: { key: string; days?: number }
    answered: { uses: ({ version: number; principal: string; principalName: string; dialect: string; count: number; lastAt: string | null; sources: string[] })[]; bindings: number; aliases: number; dataKeys: number; grants: number }
  }
  'key-import': {
    asked: { key: string; ticket: string; wrapped: string; expiresAt?: string }
    answered: Record<never, never>
  }
  'key-import-next': {
    asked: { key: string; ticket: string; wrapped: string }
    answered: Record<never, never>
  }
  'key-import-prepare': {
    asked: { key: string; wrapping: "oaepSha256" | "oaepSha1" | "sm2" }
    answered: { wrappingKey: string; ticket: string; expiresAt: string; padding: "oaepSha256" | "oaepSha1" | "sm2" }
  }
  'key-import-private': {
    asked: { key: string; ticket: string; wrapped: string; wrappedPrivateKey: string }
    answered: Record<never, never>
  }
  'key-list': {
    asked: { search?: string; states?: ("preActive" | "active" | "suspended" | "deactivated" | "destructionScheduled" | "destroyed")[]; usages?: ("encryptDecrypt" | "signVerify" | "generateVerifyMac" | "keyAgreement")[]; origins?: ("generated" | "imported")[]; tags?: { key: string; values: string[] }[]; owner?: "user" | "product"; sort?: "newest" | "oldest"; roughly?: boolean; limit?: number; cursor?: string }
    answered: { keys: ({ id: string; name: string; description: string; state: "preActive" | "active" | "suspended" | "deactivated" | "destructionScheduled" | "destroyed"; usage: "encryptDecrypt" | "signVerify" | "generateVerifyMac" | "keyAgreement"; algorithm: string; origin: "generated" | "imported"; owner: string; creator: string; region: string; createdAt: string; primaryVersion: number; rotation: { enabled: boolean; periodDays: number; nextAt: string | null; lastAt: string | null }; destroyAt: string | null; materialPresent: boolean; materialExpiresAt: string | null; tags: { key: string; value: string }[]; aliases: string[]; keyStore: string | null; bindings: number; revision: number })[]; next: string | null; total: number; isLeast: boolean }
  }
  'key-public': {
    asked: { key: string; version?: number }
    answered: { publicKey: string; keyId: string; keyVersion: number }
  }
  'key-reactivate': {
    asked: { key: string }
    answered: Record<never, never>
  }
  'key-resume': {
    asked: { key: string }
    answered: Record<never, never>
  }
  'key-rotate': {
    asked: { key: string }
    answered: { version: number }
  }
  'key-rotate-imported': {
    asked: { key: string }
    answered: { version: number }
  }
  'key-schedule-destruction': {
    asked: { key: string; days: number }
    answered: Record<never, never>
  }
  'key-set-rotation': {
    asked: { key: string; enabled: boolean; periodDays?: number }
    answered: Record<never, never>
  }
  'key-show': {
    asked: { key: string }
    answered: { key: { id: string; name: string; description: string; state: "preActive" | "active" | "suspended" | "deactivated" | "destructionScheduled" | "destroyed"; usage: "encryptDecrypt" | "signVerify" | "generateVerifyMac" | "keyAgreement"; algorithm: string; origin: "generated" | "imported"; owner: string; creator: string; region: string; createdAt: string; primaryVersion: number; rotation: { enabled: boolean; periodDays: number; nextAt: string | null; lastAt: string | null }; destroyAt: string | null; materialPresent: boolean; materialExpiresAt: string | null; tags: { key: string; value: string }[]; aliases: string[]; keyStore: string | null; bindings: number; revision: number }; account: { id: string; name: string }; lineage: string; copies: string[]; grants: { id: string; name: string; grantee: string; dialect: string; operations: string[]; creator: string; createdAt: string }[]; clouds: { cloud: string; members: Record<string, unknown> }[] }
  }
  'key-suspend': {
    asked: { key: string }
    answered: Record<never, never>
  }
  'key-tag': {
    asked: { key: string; tags: { key: string; value: string }[] }
    answered: Record<never, never>
  }
  'key-untag': {
    asked: { key: string; tagKeys: string[] }
    answered: Record<never, never>
  }
  'key-uses': {
    asked: { key: string; from: string; to: string; step: "minute" | "hour" | "day" }
    answered: { points: { at: string; count: number }[]; by: { version: number; principal: string; principalName: string; dialect: string; count: number }[] }
  }
  'key-versions': {
    asked: { key: string; limit?: number; cursor?: string }
    answered: { versions: { version: number; algorithm: string; createdAt: string; materialPresent: boolean; primary: boolean }[]; next: string | null }
  }
  'limits': {
    asked: Record<never, never>
    answered: { keys: number; dataKeys: number; keysMax: number | null; dataKeysMax: number | null; whiteBoxKeysMax: number }
  }
  'mac': {
    asked: { key: string; message: string }
    answered: { mac: string; keyId: string }
  }
  'metrics-series': {
    asked: { minutes: number }
    answered: { points: { at: string; requests: number; refused: number; failed: number; p50Ms: number; p99Ms: number; byDialect: Record<string, number> }[] }
  }
  'nodes': {
    asked: Record<never, never>
    answered: { nodes: ({ name: string; program: number | null; generation: number | null })[] }
  }
  'policy-attach': {
    asked: { user?: string; role?: string; account?: string; name: string; language?: "tencent" | "huawei" | "rights"; document?: string; preset?: string }
    answered: { name: string }
  }
  'policy-check': {
    asked: { user?: string; role?: string; account?: string; action: string; resource?: string; region?: string; source?: string; dialect?: "tencent" | "huawei" }
    answered: { allowed: boolean; rule: string; policy?: string; statement?: number }
  }
  'policy-detach': {
    asked: { user?: string; role?: string; account?: string; policy: string }
    answered: { name: string }
  }
  'policy-list': {
    asked: { user?: string; role?: string; account?: string }
    answered: { policies: { id: string; name: string; language: string; document: string }[] }
  }
  'policy-simulate': {
    asked: { principal: string; account?: string; action: string; dialect?: "tencent" | "huawei" | "native"; key?: string; source?: string }
    answered: { allowed: boolean; decidedBy: ({ rule: string; policy?: string; language?: string; statement?: number; effect: "allow" | "deny" })[]; why: string }
  }
  'policy-validate': {
    asked: { language: "tencent" | "huawei" | "rights"; document: string }
    answered: { valid: boolean; faults: { path: string; message: string }[] }
  }
  'product-key-create': {
    asked: { name: string; product: string; region: string; account?: string }
    answered: { id: string; name: string; product: string }
  }
  'random': {
    asked: { bytes: number }
    answered: { bytes: string }
  }
  're-encrypt': {
    asked: { ciphertext: string; context?: unknown; key?: string; newContext?: unknown }
    answered: { ciphertext: string; keyId: string; keyVersion: number }
  }
  'restore-accept': {
    asked: Record<never, never>
    answered: { takenAt: string }
  }
  'restore-status': {
    asked: Record<never, never>
    answered: { quarantined: boolean; takenAt?: string; restoredAt?: string; sources?: string[]; undone?: { was: string; kind: string; id: string; key?: string; at?: string; by?: string }[] }
  }
  'role-create': {
    asked: { name: string; account?: string; trusts: string[]; externalId?: string; sessionSecondsMax?: number }
    answered: { id: string; name: string }
  }
  'role-delete': {
    asked: { name: string; account?: string }
    answered: { id: string; name: string }
  }
  'role-list': {
    asked: { account?: string }
    answered: { roles: { id: string; name: string; trusts: string[]; sessionSecondsMax: number; policies: number; createdAt: string }[] }
  }
  'seal-adopt': {
    asked: { inputs: string[] }
    answered: { seal: string; sealed: boolean; told: string; fault: string; generation: number; generations: number; sharesNeeded: number | null; sharesGiven: number | null }
  }
  'seal-prepare': {
    asked: { to: "file" | "passphrase" | "shamir" | "pkcs11" | "kms"; passphrase?: string; threshold?: number; shares?: number }
    answered: { shares: string[] }
  }
  'seal-rewrap': {
    asked: { after?: string }
    answered: { rewrapped: number; looked: number; behind: string[]; broken: string[]; next: string | null }
  }
  'seal-rotate': {
    asked: { keyStore?: string }
    answered: { generation: number }
  }
  'seal-settle': {
    asked: Record<never, never>
    answered: { behind: string[] }
  }
  'seal-status': {
    asked: Record<never, never>
    answered: { seal: string; sealed: boolean; told: string; fault: string; generation: number; generations: number; sharesNeeded: number | null; sharesGiven: number | null; settled: boolean; members: ({ name: string; generation: number | null })[]; domainKeys: { number: number; id: string; count: number }[] }
  }
  'seal-unseal': {
    asked: { input: string }
    answered: { seal: string; sealed: boolean; told: string; fault: string; generation: number; generations: number; sharesNeeded: number | null; sharesGiven: number | null }
  }
  'session-create': {
    asked: { accessKey?: string; secretKey?: string; account?: string; user?: string; password?: string; console?: boolean }
    answered: { token?: string; principal: { id: string; name: string; root: boolean }; account: { id: string; name: string }; operator: boolean; region: string; regions: { id: string; names: Record<string, string> }[]; version: string; expiresAt: string | null; renewableUntil: string | null }
  }
  'session-end': {
    asked: Record<never, never>
    answered: Record<never, never>
  }
  'session-end-all': {
    asked: { user?: string; account?: string }
    answered: { id: string; name: string }
  }
  'session-renew': {
    asked: Record<never, never>
    answered: { token?: string; principal: { id: string; name: string; root: boolean }; account: { id: string; name: string }; operator: boolean; region: string; regions: { id: string; names: Record<string, string> }[]; version: string; expiresAt: string | null; renewableUntil: string | null }
  }
  'session-show': {
    asked: Record<never, never>
    answered: { principal: { id: string; name: string; root: boolean }; account: { id: string; name: string }; operator: boolean; region: string; regions: { id: string; names: Record<string, string> }[]; version: string; expiresAt: string | null; renewableUntil: string | null }
  }
  'sign': {
    asked: { key: string; message?: string; digest?: string; scheme: "rsaPssSha256" | "rsaPssSha384" | "rsaPssSha512" | "rsaPkcs1Sha256" | "rsaPkcs1Sha384" | "rsaPkcs1Sha512" | "ecdsaSha256" | "ecdsaSecp256k1Sha256" | "ecdsaSha384" | "ed25519" | "ed25519ph" | "sm2Sm3" | "mlDsa44" | "mlDsa65" | "mlDsa87" }
    answered: { signature: string; keyId: string }
  }
  'status': {
    asked: Record<never, never>
    answered: { status: Record<string, string | number | boolean> }
  }
  'upgrade-finish': {
    asked: Record<never, never>
    answered: { tables: number; program: number; oldestProgram: number; finished: boolean; members: { name: string; program: number }[] }
  }
  'upgrade-status': {
    asked: Record<never, never>
    answered: { tables: number; program: number; oldestProgram: number; finished: boolean; members: { name: string; program: number }[] }
  }
  'user-change': {
    asked: { user: string; account?: string; disabled: boolean }
    answered: { id: string; name: string; account: string; root: boolean; disabled: boolean; password: boolean; policies: number; createdAt: string; revision: number }
  }
  'user-create': {
    asked: { name: string; account?: string }
    answered: { id: string; name: string; account: string; root: boolean; disabled: boolean; password: boolean; policies: number; createdAt: string; revision: number }
  }
  'user-delete': {
    asked: { user: string; account?: string }
    answered: { id: string; name: string }
  }
  'user-list': {
    asked: { account?: string }
    answered: { users: { id: string; name: string; account: string; root: boolean; disabled: boolean; password: boolean; policies: number; createdAt: string; revision: number }[] }
  }
  'user-password': {
    asked: { user: string; account?: string; password?: string }
    answered: { id: string; name: string; account: string; root: boolean; disabled: boolean; password: boolean; policies: number; createdAt: string; revision: number }
  }
  'user-show': {
    asked: { user: string; account?: string }
    answered: { id: string; name: string; account: string; root: boolean; disabled: boolean; password: boolean; policies: number; createdAt: string; revision: number }
  }
  'uses-total': {
    asked: { from: string; to: string; step: "minute" | "hour" | "day" }
    answered: { points: { at: string; dialect: string; count: number }[]; keys: { key: string; count: number }[] }
  }
  'verify': {
    asked: { key: string; message?: string; digest?: string; scheme: "rsaPssSha256" | "rsaPssSha384" | "rsaPssSha512" | "rsaPkcs1Sha256" | "rsaPkcs1Sha384" | "rsaPkcs1Sha512" | "ecdsaSha256" | "ecdsaSecp256k1Sha256" | "ecdsaSha384" | "ed25519" | "ed25519ph" | "sm2Sm3" | "mlDsa44" | "mlDsa65" | "mlDsa87"; signature: string }
    answered: { valid: boolean; keyId: string }
  }
  'verify-mac': {
    asked: { key: string; message: string; mac: string }
    answered: { valid: boolean; keyId: string }
  }
  'white-box-create': {
    asked: { name: string; description?: string; algorithm: "aes-256" | "sm4"; tags?: { key: string; value: string }[] }
    answered: { key: { id: string; name: string; description: string; state: string; algorithm: "aes-256" | "sm4"; creator: string; region: string; createdAt: string; bound: boolean; tags: { key: string; value: string }[]; revision: number }; tables: string }
  }
  'white-box-delete': {
    asked: { key: string }
    answered: Record<never, never>
  }
  'white-box-devices': {
    asked: { key: string }
    answered: { devices: { fingerprint: string; description: string }[] }
  }
  'white-box-encrypt': {
    asked: { key: string; plaintext: string }
    answered: { initializationVector: string; ciphertext: string }
  }
  'white-box-list': {
    asked: { limit?: number; cursor?: string }
    answered: { keys: ({ id: string; name: string; description: string; state: string; algorithm: "aes-256" | "sm4"; creator: string; region: string; createdAt: string; bound: boolean; tags: { key: string; value: string }[]; revision: number })[]; next: string | null; total: number }
  }
  'white-box-resume': {
    asked: { key: string }
    answered: Record<never, never>
  }
  'white-box-set-devices': {
    asked: { key: string; devices: { fingerprint: string; description?: string }[] }
    answered: Record<never, never>
  }
  'white-box-show': {
    asked: { key: string }
    answered: { key: { id: string; name: string; description: string; state: string; algorithm: "aes-256" | "sm4"; creator: string; region: string; createdAt: string; bound: boolean; tags: { key: string; value: string }[]; revision: number } }
  }
  'white-box-suspend': {
    asked: { key: string }
    answered: Record<never, never>
  }
  'white-box-tables': {
    asked: { key: string }
    answered: { tables: string }
  }
}

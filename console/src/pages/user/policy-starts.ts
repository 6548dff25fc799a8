/** Where a policy begins in each language: the right to use keys, and no more. */

export const languagesOfPolicies = ['tencent', 'huawei', 'rights'] as const

export const languageNames: Readonly<Record<string, string>> = {
  tencent: 'CAM (Tencent Cloud)',
  huawei: 'IAM (Huawei Cloud)',
  rights: 'Keystead',
  native: 'Keystead',
}

const starts: Readonly<Record<string, object>> = {
  tencent: {
    version: '2.0',
    statement: [{ effect: 'allow', action: ['kms:Encrypt', 'kms:Decrypt'], resource: ['*'] }],
  },
  huawei: {
    Version: '1.1',
    Statement: [{ Effect: 'Allow', Action: ['kms:cmk:encryptData', 'kms:cmk:decryptData'] }],
  },
  rights: {
    statements: [
      {
        effect: 'allow',
        rights: ['encrypt', 'decrypt'],
        resources: [{ kind: 'key', region: '*', creator: '*', id: '*' }],
      },
    ],
  },
}

export const startOf = (language: string): string => JSON.stringify(starts[language] ?? {}, null, 2)

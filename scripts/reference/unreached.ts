/**
 * Documented codes that no request can get, and why: for every action that lists the code, or for one as `Action Code`.
 * The reference prints them, and the table test of the dialect wants each documented code to be reached or to be here.
 */
export const unreached: Readonly<Record<string, string>> = {
  'ResourceUnavailable.NotPurchased': 'there is nothing to buy',
  'InvalidParameterValue.TagsNotExisted': 'a tag need not exist before it is attached',
  AuthFailure: 'what it stands for is answered by the code that says which failure',
  'AuthFailure.UnauthorizedOperation': 'the same refusal is UnauthorizedOperation, which the action lists too',
  'GetServiceStatus UnsupportedOperation': 'the status can always be told',
  'BindCloudResource FailedOperation.CmkUsedByCloudProduct': 'a key may be bound to any number of resources',
  'GenerateDataKey LimitExceeded.CmkLimitExceeded': 'it makes no CMK',
  'ImportDataKey LimitExceeded.CmkLimitExceeded': 'it makes no CMK',
  'GetDataKeyPlaintext InvalidParameterValue.InvalidType': 'the action has no type',
  'DescribeDataKeys InvalidParameterValue.InvalidKeyId': 'the action has no id of a CMK',
  'EnableDataKeys InvalidParameterValue.InvalidKeyId': 'the action has no id of a CMK',
  'UpdateDataKeyDescription InvalidParameterValue.InvalidDataKeyName': 'the action has no name',
}

/** The same of the calls of Huawei. */
export const huaweiUnreached: Readonly<Record<string, string>> = {
  'KMS.0320': 'no key is frozen: there is no bill to pay',
  'CreateKey KMS.0315': 'there are no partitions; a key store that is not there is KMS.8003',
  'KMS.1102': 'realm is read and not used',
  'KMS.2301': 'quotas are set by the operator, and by no call',
  'KMS.2403': 'what fails on our side is KMS.0101',
  'KMS.2405': 'a principal has no limit of its own; a key has 100 grants',
  'KMS.2406': 'there are no partitions',
  'CreateKey KMS.0340': 'every region has key stores; one that is not there is KMS.8003',
  'EnableKeyRotation KMS.0319': 'every region rotates keys',
  'CreateParametersForImport KMS.1404': 'imported keys have no copies, so each is in its original region',
  'EncryptDatakey KMS.2105': 'only symmetric keys protect data keys, and they have one algorithm',
  'EncryptDatakey KMS.2106': 'only symmetric keys protect data keys',
  'EncryptDatakey KMS.2108': 'only symmetric keys protect data keys',
  'DecryptDatakey KMS.2203': 'a ciphertext that was changed in any bit is KMS.2201',
  'Sign KMS.1115': 'the same refusal is KMS.0331, which the call lists too',
  'ValidateSignature KMS.1115': 'the same refusal is KMS.0331, which the call lists too',
}

export const whyUnreached = (action: string, code: string): string | undefined =>
  unreached[`${action} ${code}`] ?? huaweiUnreached[`${action} ${code}`] ?? unreached[code] ?? huaweiUnreached[code]

/**
 * What the vendor documents for the services beside KMS that are spoken here: every action, offered or not, since a
 * policy may name it, and the codes, which are listed for a service as a whole.
 */
export interface VendorNeighbour {
  readonly title: string
  readonly actions: readonly string[]
  readonly errors: readonly string[]
}

const wordsOf = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Calls a second of every one of their actions; their figures are not published. */
export const neighbourPerSecond = 100

export const neighbours: Readonly<Record<string, VendorNeighbour>> = {
  tag: {
    title: 'Tags',
    actions: wordsOf(`
AddProject AddResourceTag AttachResourcesTag CreateTag CreateTags DeleteResourceTag DeleteTag DeleteTags
DescribeProjects DescribeResourceTags DescribeResourceTagsByResourceIds DescribeResourceTagsByResourceIdsSeq
DescribeResourceTagsByTagKeys DescribeResourcesByTags DescribeResourcesByTagsUnion DescribeTagKeys DescribeTagValues
DescribeTagValuesSeq DescribeTags DescribeTagsSeq DetachResourcesTag GetResources GetTagKeys GetTagValues GetTags
ModifyResourceTags ModifyResourcesTagValue TagResources UnTagResources UpdateProject UpdateResourceTagValue
`),
    errors: wordsOf(`
AuthFailure AuthFailure.UnauthorizedOperation FailedOperation FailedOperation.ResourceTagProcessing
FailedOperation.TagAttachedQuota FailedOperation.TagAttachedResource InvalidParameter
InvalidParameter.PaginationTokenInvalid InvalidParameter.ReservedTagKey InvalidParameter.Tag
InvalidParameter.UnsupportedService InvalidParameterValue.DeleteTagsParamError InvalidParameterValue.OffsetInvalid
InvalidParameterValue.RegionInvalid InvalidParameterValue.ReservedTagKey InvalidParameterValue.ResourceDescriptionError
InvalidParameterValue.ResourceIdInvalid InvalidParameterValue.ResourcePrefixInvalid
InvalidParameterValue.ServiceTypeInvalid InvalidParameterValue.TagFilters
InvalidParameterValue.TagFiltersLengthExceeded InvalidParameterValue.TagKeyCharacterIllegal
InvalidParameterValue.TagKeyDuplicate InvalidParameterValue.TagKeyEmpty InvalidParameterValue.TagKeyLengthExceeded
InvalidParameterValue.TagValueCharacterIllegal InvalidParameterValue.TagValueEmpty
InvalidParameterValue.TagValueLengthExceeded LimitExceeded LimitExceeded.Quota LimitExceeded.ResourceAttachedTags
LimitExceeded.ResourceNumPerRequest LimitExceeded.TagKey LimitExceeded.TagNumPerRequest LimitExceeded.TagValue
MissingParameter OperationDenied ResourceInUse.TagDuplicate ResourceInUse.TagKeyAttached
ResourceNotFound.AttachedTagKeyNotFound ResourceNotFound.TagNonExist UnsupportedOperation
`),
  },
  sts: {
    title: 'Temporary keys',
    actions: wordsOf(`
AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity GetCallerIdentity GetFederationToken GetSessionToken QueryApiKey
`),
    errors: wordsOf(`
InternalError.DbError InternalError.EncryptError InternalError.GetAppIdError InternalError.GetRoleError
InternalError.GetSeedTokenError InternalError.IllegalRole InternalError.PbSerializeError InternalError.SystemError
InternalError.UnknownError InvalidParameter.AccountNotAvaliable InvalidParameter.ExtendStrategyOverSize
InvalidParameter.GrantOtherResource InvalidParameter.OverLimit InvalidParameter.OverTimeError
InvalidParameter.ParamError InvalidParameter.PolicyTooLong InvalidParameter.ResouceError
InvalidParameter.StrategyFormatError InvalidParameter.StrategyInvalid InvalidParameter.TempCodeNotAvaliable
ResourceNotFound.RoleNotFound UnauthorizedOperation
`),
  },
}

/** Their permission words. */
export const neighbourWords: readonly string[] = Object.entries(neighbours).flatMap(([service, { actions }]) =>
  actions.map((name) => `${service}:${name}`),
)

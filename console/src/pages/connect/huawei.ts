import type { Filled, Lines } from './lines.ts'

const environment = `export HUAWEICLOUD_SDK_AK=...
export HUAWEICLOUD_SDK_SK=...`

const node = ({
  endpoint,
  region,
  keyId,
}: Filled): string => `const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core')
const { Region } = require('@huaweicloud/huaweicloud-sdk-core/region/region')
const { EncryptDataRequest, EncryptDataRequestBody, KmsClient } = require('@huaweicloud/huaweicloud-sdk-kms/v2/public-api')

const here = '${endpoint}'
const credential = new BasicCredentials()
  .withAk(process.env.HUAWEICLOUD_SDK_AK)
  .withSk(process.env.HUAWEICLOUD_SDK_SK)
  .withIamEndpoint(here)
const client = KmsClient.newBuilder().withCredential(credential).withRegion(new Region('${region}', here)).build()
const body = new EncryptDataRequestBody().withKeyId('${keyId}').withPlainText('hello')
client.encryptData(new EncryptDataRequest().withBody(body)).then(console.log)`

const python = ({ endpoint, region, keyId }: Filled): string => `import os
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkkms.v2 import EncryptDataRequest, EncryptDataRequestBody, KmsClient

here = "${endpoint}"
credentials = BasicCredentials(os.environ["HUAWEICLOUD_SDK_AK"], os.environ["HUAWEICLOUD_SDK_SK"])
client = (
    KmsClient.new_builder()
    .with_credentials(credentials.with_iam_endpoint(here))
    .with_region(Region("${region}", here))
    .build()
)
body = EncryptDataRequestBody(key_id="${keyId}", plain_text="hello")
print(client.encrypt_data(EncryptDataRequest(body=body)))`

const go = ({ endpoint, region }: Filled): string => `here := "${endpoint}"
credentials := basic.NewCredentialsBuilder().
	WithAk(os.Getenv("HUAWEICLOUD_SDK_AK")).
	WithSk(os.Getenv("HUAWEICLOUD_SDK_SK")).
	WithIamEndpointOverride(here).
	Build()
client := kms.NewKmsClient(kms.KmsClientBuilder().
	WithRegion(region.NewRegion("${region}", here)).
	WithCredential(credentials).
	Build())`

const java = ({ endpoint, region }: Filled): string => `String here = "${endpoint}";
BasicCredentials credentials = new BasicCredentials()
    .withAk(System.getenv("HUAWEICLOUD_SDK_AK"))
    .withSk(System.getenv("HUAWEICLOUD_SDK_SK"))
    .withIamEndpoint(here);
KmsClient client = KmsClient.newBuilder()
    .withCredential(credentials)
    .withRegion(new Region("${region}", here))
    .build();`

const terraform = ({ endpoint, region }: Filled): string => `provider "huaweicloud" {
  region                  = "${region}"
  auth_url                = "${endpoint}/v3"
  endpoints               = { kms = "${endpoint}/" }
  skip_check_website_type = true
}`

const sops = ({
  endpoint,
  region,
  keyId,
}: Filled): string => `export HUAWEICLOUD_SDK_REGION_KMS_${region.toUpperCase().replaceAll('-', '_')}=${endpoint}
export HUAWEICLOUD_SDK_IAM_ENDPOINT=${endpoint}
sops encrypt --hckms ${region}:${keyId} secrets.yaml`

export const huaweiLines = (filled: Filled): Lines => ({
  node: [
    { what: 'install', code: 'npm install @huaweicloud/huaweicloud-sdk-kms uuid' },
    { what: 'environment', code: environment },
    { what: 'program', code: node(filled) },
  ],
  python: [
    { what: 'install', code: 'pip install huaweicloudsdkkms' },
    { what: 'environment', code: environment },
    { what: 'program', code: python(filled) },
  ],
  go: [
    { what: 'install', code: 'go get github.com/huaweicloud/huaweicloud-sdk-go-v3' },
    { what: 'environment', code: environment },
    { what: 'program', code: go(filled) },
  ],
  java: [
    { what: 'environment', code: environment },
    { what: 'program', code: java(filled) },
  ],
  koocli: [
    {
      what: 'command',
      code: `hcloud KMS ListKeys --cli-endpoint=${new URL(filled.endpoint).host} --cli-region=${filled.region} --cli-project-id=PROJECT_ID`,
    },
  ],
  terraform: [
    { what: 'environment', code: environment },
    { what: 'file', code: terraform(filled) },
  ],
  sops: [
    { what: 'environment', code: environment },
    { what: 'command', code: sops(filled) },
  ],
})

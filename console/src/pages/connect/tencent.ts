import type { Filled, Lines } from './lines.ts'

const environment = `export TENCENTCLOUD_SECRET_ID=...
export TENCENTCLOUD_SECRET_KEY=...`

const node = (
  host: string,
  scheme: string,
  { region, keyId }: Filled,
): string => `import { kms } from 'tencentcloud-sdk-nodejs'

const client = new kms.v20190118.Client({
  credential: { secretId: process.env.TENCENTCLOUD_SECRET_ID, secretKey: process.env.TENCENTCLOUD_SECRET_KEY },
  region: '${region}',
  profile: { httpProfile: { endpoint: '${host}', protocol: '${scheme}://' } },
})
const { CiphertextBlob } = await client.Encrypt({ KeyId: '${keyId}', Plaintext: btoa('hello') })
console.log(atob((await client.Decrypt({ CiphertextBlob })).Plaintext))`

const python = (host: string, scheme: string, { region, keyId }: Filled): string => `import base64, os
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.kms.v20190118 import models
from tencentcloud.kms.v20190118.kms_client import KmsClient

credential = Credential(os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"])
profile = ClientProfile(httpProfile=HttpProfile(endpoint="${host}", protocol="${scheme}"))
client = KmsClient(credential, "${region}", profile)
request = models.EncryptRequest()
request.KeyId = "${keyId}"
request.Plaintext = base64.b64encode(b"hello").decode()
print(client.Encrypt(request).CiphertextBlob)`

const go = (host: string, scheme: string, { region, keyId }: Filled): string => `package main

import (
	"fmt"
	"os"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	kms "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/kms/v20190118"
)

func main() {
	credential := common.NewCredential(os.Getenv("TENCENTCLOUD_SECRET_ID"), os.Getenv("TENCENTCLOUD_SECRET_KEY"))
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = "${host}"
	settings.HttpProfile.Scheme = "${scheme.toUpperCase()}"
	client, err := kms.NewClient(credential, "${region}", settings)
	if err != nil {
		panic(err)
	}
	request := kms.NewEncryptRequest()
	request.KeyId = common.StringPtr("${keyId}")
	request.Plaintext = common.StringPtr("aGVsbG8=")
	response, err := client.Encrypt(request)
	fmt.Println(response.ToJsonString(), err)
}`

const java = (host: string, scheme: string, { region }: Filled): string => `HttpProfile http = new HttpProfile();
http.setEndpoint("${host}");
http.setProtocol(HttpProfile.REQ_${scheme.toUpperCase()});
ClientProfile profile = new ClientProfile();
profile.setHttpProfile(http);
Credential credential =
    new Credential(System.getenv("TENCENTCLOUD_SECRET_ID"), System.getenv("TENCENTCLOUD_SECRET_KEY"));
KmsClient client = new KmsClient(credential, "${region}", profile);`

const terraform = (
  host: string,
  scheme: string,
  { region }: Filled,
): string => `# The provider asks kms.DOMAIN, tag.DOMAIN and sts.DOMAIN: give these three names to this server.
export TENCENTCLOUD_DOMAIN=${host}
export TENCENTCLOUD_PROTOCOL=${scheme.toUpperCase()}
export TENCENTCLOUD_REGION=${region}`

export const tencentLines = (filled: Filled): Lines => {
  const { endpoint, region, keyId } = filled
  const { host, protocol } = new URL(endpoint)
  const scheme = protocol.replace(':', '')
  return {
    node: [
      { what: 'install', code: 'npm install tencentcloud-sdk-nodejs' },
      { what: 'environment', code: environment },
      { what: 'program', code: node(host, scheme, filled) },
    ],
    python: [
      { what: 'install', code: 'pip install tencentcloud-sdk-python-kms' },
      { what: 'environment', code: environment },
      { what: 'program', code: python(host, scheme, filled) },
    ],
    go: [
      { what: 'install', code: 'go get github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/kms' },
      { what: 'environment', code: environment },
      { what: 'program', code: go(host, scheme, filled) },
    ],
    java: [
      { what: 'environment', code: environment },
      { what: 'program', code: java(host, scheme, filled) },
    ],
    tccli: [
      { what: 'install', code: 'pip install tccli' },
      { what: 'environment', code: environment },
      {
        what: 'command',
        code: `tccli kms Encrypt --KeyId ${keyId} --Plaintext aGVsbG8= --endpoint ${endpoint} --region ${region}`,
      },
    ],
    terraform: [
      { what: 'environment', code: environment },
      { what: 'environment', code: terraform(host, scheme, filled) },
    ],
  }
}

import { Command } from 'commander'
import { addServeOptions, readSettings, type Settings } from '../config.ts'
import { sentenceOf } from '../fault-log.ts'
import type { Credentials } from '../main.ts'

/** Lines to paste, with this server's endpoint; secrets stay in their file. */
const pasteLines = (endpoint: string, data: string): string => {
  const host = endpoint.replace(/^https?:\/\//, '')
  const scheme = endpoint.startsWith('https') ? 'https' : 'http'
  return `
Tencent Cloud

Node      import { kms } from 'tencentcloud-sdk-nodejs'
          const { tencent } = JSON.parse(fs.readFileSync('${data}/credentials.json', 'utf8'))
          const client = new kms.v20190118.Client({ credential: tencent, region: tencent.region,
            profile: { httpProfile: { endpoint: '${host}', protocol: '${scheme}://' } } })

Python    from tencentcloud.kms.v20190118.kms_client import KmsClient
          t = json.load(open('${data}/credentials.json'))['tencent']
          client = KmsClient(credential.Credential(t['secretId'], t['secretKey']), t['region'],
            ClientProfile(httpProfile=HttpProfile(endpoint='${host}', protocol='${scheme}')))

tccli     export TENCENTCLOUD_SECRET_ID=$(jq -r .tencent.secretId ${data}/credentials.json)
          export TENCENTCLOUD_SECRET_KEY=$(jq -r .tencent.secretKey ${data}/credentials.json)
          tccli kms CreateKey --Alias demo --region ap-guangzhou --endpoint ${endpoint}

Huawei Cloud

Python    from huaweicloudsdkkms.v2 import KmsClient
          h = json.load(open('${data}/credentials.json'))['huawei']
          credentials = BasicCredentials(h['accessKey'], h['secretKey'], h['projectId'])
          client = KmsClient.new_builder().with_credentials(credentials).with_endpoint('${endpoint}').build()
`
}

/** What serves: one process, or several. */
interface Serving {
  readonly endpoint: string
  readonly founded: boolean
  readonly credentials: Credentials | undefined
  /** Resolves when it cannot go on, with why. */
  readonly lost: Promise<string>
  stop(): Promise<void>
}

const greet = ({ endpoint, founded, credentials }: Serving, { data, seal = `${data}/root.key` }: Settings): void => {
  const made = founded ? `made a new installation in ${data}: back up ${seal} apart from the rest\n` : ''
  const paste = credentials ? pasteLines(endpoint, data) : ''
  process.stdout.write(`${made}Keystead listens on ${endpoint}\n${paste}`)
}

/** Ends the process: what could not be closed is told, and everything that was answered is durable all the same. */
const end = async (serving: Serving, code: number): Promise<never> => {
  try {
    await serving.stop()
  } catch (error) {
    process.stderr.write(`keystead: ${sentenceOf(error)}\n`)
    process.exit(1)
  }
  process.exit(code)
}

/** Ends the process once what is under way was answered. A second signal does not wait. */
const stopOnSignal = (serving: Serving): void => {
  let asked = false
  const onSignal = () => {
    if (asked) process.exit(1)
    asked = true
    void end(serving, 0)
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

/** The operator must look at it first: what comes after is not started by itself. */
const stopWhenLost = async (serving: Serving): Promise<void> => {
  const why = await serving.lost
  process.stderr.write(`keystead: ${why}\n`)
  await end(serving, 1)
}

const startOne = async (settings: Settings): Promise<Serving> => {
  const { start } = await import('../main.ts')
  const running = await start(settings)
  return { ...running, lost: running.installation.lost.then((error) => error.message) }
}

const startSeveral = async (settings: Settings): Promise<Serving> => {
  const { startWorkers } = await import('./workers.ts')
  return startWorkers(settings)
}

export const serveCommand = (): Command =>
  addServeOptions(new Command('serve').description('run the server')).action(async (options: Settings) => {
    const settings = readSettings(options)
    // Whatever a server writes is for its owner alone; the database engine asks nobody but the umask.
    process.umask(0o077)
    const serving = await (settings.workers > 1 ? startSeveral(settings) : startOne(settings))
    stopOnSignal(serving)
    void stopWhenLost(serving)
    greet(serving, settings)
  })

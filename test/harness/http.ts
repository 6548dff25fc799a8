import { Agent, request } from 'node:http'

export interface Exchanged {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** One exchange over real HTTP, headers as given: nothing is added or mended but the length. */
export const exchange = (
  endpoint: string,
  {
    method = 'POST',
    path = '/',
    headers = {},
    body = '',
  }: {
    method?: string
    path?: string
    headers?: Readonly<Record<string, string>>
    body?: string | Buffer
  },
): Promise<Exchanged> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(endpoint)
    const length = method === 'GET' && body.length === 0 ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
    const sent = request(
      { agent, hostname, port, method, path, headers: { ...length, ...headers }, setHost: headers.Host === undefined },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })

import type { Answer, Service } from '../contract/serve.ts'

export interface Probes {
  /** Why no call could be answered now, or undefined. */
  unready(): string | undefined
  /** Prometheus text. */
  metrics(): Promise<string>
}

const plain = (status: number, body: string): Answer => ({ status, contentType: 'text/plain', body: `${body}\n` })

/** `/livez` (the process answers), `/readyz` (calls would be answered) and `/metrics`. */
export const health = (probes: Probes): Service => {
  const answers: Readonly<Record<string, () => Answer | Promise<Answer>>> = {
    '/livez': () => plain(200, 'ok'),
    '/readyz': () => {
      const reason = probes.unready()
      return reason === undefined ? plain(200, 'ok') : plain(503, reason)
    },
    '/metrics': async () => ({
      status: 200,
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      body: await probes.metrics(),
    }),
  }
  return {
    name: 'health',
    recognises: ({ method, path }) => method === 'GET' && Object.hasOwn(answers, path),
    answer: async ({ head }) => (answers[head.path] as () => Answer | Promise<Answer>)(),
  }
}

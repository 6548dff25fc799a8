/** One way to call every action, and what can come back instead of an answer. */
import type { ActionName, Answered, Asked } from './actions.ts'

/** What the server says when it refuses (RFC 9457), or what stands for it where nothing was answered. */
export class Problem extends Error {
  readonly type: string
  readonly status: number
  readonly instance: string
  readonly member: string | undefined
  constructor(body: { type?: string; status?: number; detail?: string; instance?: string; member?: string }) {
    super(body.detail ?? '')
    this.type = body.type ?? 'internal'
    this.status = body.status ?? 0
    this.instance = body.instance ?? ''
    this.member = body.member
  }
}

export const offline = 'offline'

export interface CallOptions {
  readonly region?: string | undefined
  /** The revision that the person saw: another one by now is refused with 412. */
  readonly revision?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const headersOf = ({ region, revision }: CallOptions): Record<string, string> => ({
  'Content-Type': 'application/json',
  // Another site's page cannot send it, so that the cookie alone is never enough.
  'X-Keystead-Console': '1',
  ...(region === undefined ? {} : { 'X-Keystead-Region': region }),
  ...(revision === undefined ? {} : { 'If-Match': `"${revision}"` }),
})

const problemOf = async (response: Response): Promise<Problem> => {
  try {
    return new Problem({ ...(await response.json()), status: response.status })
  } catch {
    return new Problem({ type: response.status === 503 ? 'unavailable' : 'internal', status: response.status })
  }
}

type Listener = () => void
const signedOut = new Set<Listener>()

/** Hears that the session has ended, however that came about. */
export const onSignedOut = (listener: Listener): Listener => {
  signedOut.add(listener)
  return () => signedOut.delete(listener)
}

const send = async (action: string, asked: unknown, options: CallOptions): Promise<Response> => {
  try {
    return await fetch(`/api/v1/${action}`, {
      method: 'POST',
      headers: headersOf(options),
      body: JSON.stringify(asked),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: options.signal ?? null,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem({ type: offline })
  }
}

export const call = async <N extends ActionName>(
  action: N,
  asked: Asked<N>,
  options: CallOptions = {},
): Promise<Answered<N>> => {
  const response = await send(action, asked, options)
  if (response.ok) return (await response.json()) as Answered<N>
  const problem = await problemOf(response)
  if (problem.status === 401 && action !== 'session-create') for (const listener of signedOut) listener()
  throw problem
}

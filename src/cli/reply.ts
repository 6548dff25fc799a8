/** What comes back from an action, whichever way it went, and what is thrown where it is a problem (RFC 9457). */

export type Members = Readonly<Record<string, unknown>>

export interface Reply {
  readonly status: number
  readonly pieces: AsyncIterable<string>
  /** Nobody reads the rest of it. */
  drop(): void
}

export type Take<T> = (reply: Reply) => Promise<T>

/** A refusal, in the words of the server; and what can be done about it, where something can. */
export class Problem extends Error {
  readonly type: string
  readonly status: number

  constructor(type: string, status: number, sentence: string) {
    super(sentence)
    this.type = type
    this.status = status
  }
}

/** What a person may try, by the type of a problem. */
export type Hints = Readonly<Record<string, string>>

/** Where a command said the revision that it saw. */
export const changedMeanwhile: Hints = {
  preconditionFailed: 'Somebody changed it meanwhile: show it, and say its --revision if the change is still meant.',
}

export const together = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

const membersIn = (text: string): Members | undefined => {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Members) : undefined
  } catch {
    return undefined
  }
}

const problemIn = (status: number, text: string, hints: Hints): Error => {
  const { type, detail } = membersIn(text) ?? {}
  if (typeof type !== 'string' || typeof detail !== 'string')
    return new Error(`the answer is none of a Keystead server (status ${status}): look at the endpoint`)
  const hint = hints[type]
  return new Problem(type, status, hint === undefined ? detail : `${detail} ${hint}`)
}

/** Takes an answer. Throws what the server refused. */
export const taking =
  <T>(take: Take<T>, hints: Hints): Take<T> =>
  async (reply) => {
    if (reply.status === 200) return take(reply)
    throw problemIn(reply.status, await together(reply.pieces), hints)
  }

export const membersOf: Take<Members> = async ({ pieces }) => {
  const members = membersIn(await together(pieces))
  if (!members) throw new Error('the answer is none of a Keystead server: look at the endpoint')
  return members
}

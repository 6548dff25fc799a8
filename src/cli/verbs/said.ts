/** What many commands take, and how what is written becomes members of the API. */
import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { InvalidArgumentError } from 'commander'
import type { Members } from '../reply.ts'
import type { Said, Shown } from '../verbs.ts'

export const number = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.')
  return Number(text)
}

/** For what may be said again and again. */
export const again = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]

/** `NAME=VALUE` as a tag. */
export const tag = (text: string, before: readonly Members[] = []): readonly Members[] => {
  const cut = text.indexOf('=')
  if (cut < 1) throw new InvalidArgumentError('Write it as NAME=VALUE.')
  return [...before, { key: text.slice(0, cut), value: text.slice(cut + 1) }]
}

/** `NAME` or `NAME=VALUE`, as a list asks for it. */
export const tagFilter = (text: string, before: readonly Members[] = []): readonly Members[] => {
  const [key = '', ...value] = text.split('=')
  return [...before, { key, values: value.length === 0 ? [] : [value.join('=')] }]
}

/** `NAME=VALUE` as a member of one object, such as a context. */
export const pair = (text: string, before: Members = {}): Members => {
  const cut = text.indexOf('=')
  if (cut < 1) throw new InvalidArgumentError('Write it as NAME=VALUE.')
  return { ...before, [text.slice(0, cut)]: text.slice(cut + 1) }
}

const standard = '-'
let taken = false

/** As it comes, since a pipe may have nothing yet. There is one, so two options cannot both be read from it. */
const standardInput = (): Promise<Buffer> => {
  if (taken) throw new InvalidArgumentError('Standard input can be read once.')
  taken = true
  return buffer(process.stdin)
}

/** Material is never an argument: others can read those. */
const contentOf = <T>(file: string, as: (content: Buffer) => T): T | Promise<T> => {
  if (file === standard) return standardInput().then(as)
  try {
    return as(readFileSync(file))
  } catch {
    throw new InvalidArgumentError(`${file} cannot be read.`)
  }
}

export const textOfFile = (file: string) => contentOf(file, (content) => content.toString('utf8'))
export const base64OfFile = (file: string) => contentOf(file, (content) => content.toString('base64'))

/** Base64 as another command printed it. */
export const printedIn = (file: string) => contentOf(file, (content) => content.toString('utf8').trim())

export const key: Said = { flags: '<key>', says: 'id of the key, or alias::: and the name of an alias' }
export const context: Said = {
  flags: '--context <name=value>',
  says: 'what must be said again to open it; may be said again',
  read: pair,
}
export const account: Said = {
  flags: '--account <account>',
  says: "name or number of the account; one's own without it",
}

/** A sentence that holds whatever the answer. */
export const told = (sentence: (asked: Members) => string): Shown => ({ line: (_answer, asked) => sentence(asked) })

/** One member of the answer and nothing else, for the next command. */
export const only = (member: string): Shown => ({ line: (answer) => String(answer[member]) })

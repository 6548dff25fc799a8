/** How a command reaches the installation: through the server's admin socket, or, where none runs, by itself. */
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { Command, Option } from 'commander'
import { adminSocketPath } from '../adapters/data-folder/folder.ts'
import { addServeOptions, dataOption, readSettings, type Settings } from '../config.ts'
import { administerHere } from '../main.ts'

export type Members = Readonly<Record<string, unknown>>

interface Reply {
  readonly status: number
  readonly body: string
}

const overSocket = (socketPath: string, path: string, body: string): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
    const sent = request({ socketPath, path, method: 'POST', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })

const nobodyListens: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ECONNREFUSED'])

const settingsFor = (data: string): Settings => {
  const command = addServeOptions(new Command()).parse([], { from: 'user' })
  return readSettings({ ...command.opts<Settings>(), data, init: false })
}

const ask = async (data: string, path: string, body: string): Promise<Reply> => {
  const socket = adminSocketPath(data)
  try {
    if (existsSync(socket)) return await overSocket(socket, path, body)
  } catch (error) {
    if (!nobodyListens.has((error as NodeJS.ErrnoException).code)) throw error
  }
  process.umask(0o077)
  return administerHere(settingsFor(data), path, body)
}

/** Performs an action of the native dialect. Throws the sentence of its problem. */
export const administer = async (data: string, action: string, members: Members): Promise<Members> => {
  const { status, body } = await ask(data, `/v1/${action}`, JSON.stringify(members))
  const answer = JSON.parse(body) as Members
  if (status !== 200) throw new Error(String(answer.detail ?? body))
  return answer
}

export interface Shared {
  readonly data: string
  readonly json?: boolean
}

/** A command with the two options that all of these have. */
export const adminCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .addOption(dataOption())
    .addOption(new Option('--json', 'print JSON, for programs'))

/** Prints an answer: as JSON, or as its own text for people. */
export const print = ({ json }: Shared, answer: unknown, text: string): void => {
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${text}\n`)
}

/** Rows under their headings, as wide as they need to be. */
export const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [headings, ...rows]
  const widths = headings.map((_heading, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
  return all
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The command line as an operator uses it: a process for each command. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { AccessKey, Answered, CallOptions, Members } from '../harness/keystead.ts'
import { signedCall } from '../harness/keystead.ts'
import { type Child, credentialsOf, keystead, serving } from '../server/child.ts'
import { newData, newFolder } from '../server/folders.ts'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export const run = async (data: string, ...args: readonly string[]): Promise<Ran> => {
  const { code, stdout, stderr } = await keystead([...args, '--data', data]).exited
  return { code, stdout, stderr }
}

/** A command that must succeed. Gives what it printed. */
export const said = async (data: string, ...args: readonly string[]): Promise<string> => {
  const ran = await run(data, ...args)
  expect(ran, args.join(' ')).toMatchObject({ code: 0, stderr: '' })
  return ran.stdout
}

/** A command that must succeed, with `--json`. */
export const told = async (data: string, ...args: readonly string[]): Promise<Members> =>
  JSON.parse(await said(data, ...args, '--json')) as Members

/** A command that must fail with 1 and one sentence. Gives the sentence. */
export const failed = async (data: string, ...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(data, ...args)
  expect({ code, stdout }, args.join(' ')).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^keystead: [^\n]+\n$/)
  return stderr.slice('keystead: '.length, -1)
}

/** A file with a policy in it. */
export const policyFile = (document: unknown): string => {
  const path = join(newFolder(), 'policy.json')
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document))
  return path
}

/** A CAM policy of one statement. */
export const cam = (effect: 'allow' | 'deny', action: string | readonly string[], resource: unknown = '*') => ({
  version: '2.0',
  statement: [{ effect, action, resource }],
})

export interface Served {
  readonly data: string
  readonly child: Child
  readonly endpoint: string
  /** By the account's administrator where no access key is named. */
  call(action: string, members?: Members, options?: CallOptions): Promise<Answered>
  stop(): Promise<unknown>
}

/** A running server, on a new folder or on the one given. */
export const served = async (data = newData(), ...args: readonly string[]): Promise<Served> => {
  const child = serving(data, ...args)
  const endpoint = await child.endpoint
  const { tencent } = credentialsOf(data)
  return {
    data,
    child,
    endpoint,
    call: (action, members = {}, options = {}) =>
      signedCall(endpoint, options.key ?? tencent, Math.floor(Date.now() / 1000), action, members, options),
    stop: () => child.stop(),
  }
}

/** A user with an access key. */
export const newUser = async (data: string, name: string, ...args: readonly string[]): Promise<AccessKey> => {
  await told(data, 'user', 'create', name, ...args)
  return (await told(data, 'access-key', 'create', '--user', name, ...args)) as AccessKey
}

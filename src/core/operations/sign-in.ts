/** The sessions of people and programs that signed in here: taken, taken anew, looked at, and ended all at once. */
import type { Caller } from '../access/caller.ts'
import { mayOperate } from '../access/operator.ts'
import { refuse } from '../failure.ts'
import { change, look, use } from '../operation.ts'
import { groundsOf, type Issued, issue, narrowingOf, type SessionRequest } from './session.ts'

export interface SignedInAs {
  readonly caller: Caller
  /** Whether the caller may look after the whole installation. */
  readonly operator: boolean
}

export interface SignedIn extends SignedInAs {
  readonly issued: Issued
}

type Asked = Omit<SessionRequest, 'policy'>

export const signIn = use({
  name: 'signIn',
  summary: 'Take a session of whoever showed a password or an access key.',
  rights: {},
  targets: (_request: Asked) => ({}),
  async run(call, request): Promise<SignedIn> {
    const { caller } = call
    const issued = await issue(call, caller.principal, groundsOf(caller), { ...request, policy: null })
    return { issued, caller, operator: await mayOperate(call, caller) }
  },
})

/** On the same grounds, so that it ends with what the first one was granted on. */
export const renewSession = use({
  name: 'renewSession',
  summary: "Take the caller's session anew, as long as that was granted for when it was first taken.",
  rights: {},
  targets: (_request: Asked) => ({}),
  async run(call, request) {
    const { caller } = call
    const until = caller.session?.renewableUntil
    if (until === undefined || until <= call.now) return refuse({ reason: 'permissionDenied' })
    const again = { ...request, policy: narrowingOf(caller) }
    const issued = await issue(call, caller.principal, groundsOf(caller), again, until)
    return { issued, caller, operator: await mayOperate(call, caller) } satisfies SignedIn
  },
})

export const describeCaller = look({
  name: 'describeCaller',
  summary: 'Tell who the caller is, and whether it looks after the installation.',
  rights: {},
  targets: (_request: Record<string, never>) => ({}),
  run: async (call): Promise<SignedInAs> => ({
    caller: call.caller,
    operator: await mayOperate(call, call.caller),
  }),
})

export const endSessions = change({
  name: 'endSessions',
  summary: 'End every session that rests on a principal.',
  rights: { principal: 'endSessions' },
  targets: ({ principal }: { principal: string }) => ({
    principal: { kind: 'principal', id: principal, own: true } as const,
  }),
  prepare: () => {},
  // Sessions rest on the revision of the row, which every put counts up.
  decide: ({ at: { principal: over } }) => ({ result: over, effects: [{ put: { ...over }, over }] }),
})

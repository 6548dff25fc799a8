/**
 * How an action is declared. From this one value come routing, validation, the response's type, the permission words,
 * the error codes, the reference and its coverage.
 */
import { actFor, type Caller } from '../core/access/caller.ts'
import type { Right } from '../core/access/right.ts'
import { Refusal } from '../core/failure.ts'
import type { House, Region } from '../core/house.ts'
import type { AccountId, Place } from '../core/object.ts'
import type { Narrow, Operation, RightIn, Targets } from '../core/operation.ts'
import { perform, recordFailure, recordRefusal } from '../core/perform.ts'
import type { View } from '../core/ports.ts'
import type { ErrorTable } from './errors.ts'
import type { Evidence } from './evidence.ts'
import { type Members, reader, type Shape, writer } from './members.ts'
import type { z } from './schema.ts'

/** Where and for whom an action runs. */
export interface Here {
  readonly house: House
  readonly caller: Caller
  readonly view: View
  readonly region: Region
  readonly place: Place
  /** Of the object that is changed, as the caller saw it. */
  readonly revision?: number
}

type Output<S extends Shape> = z.output<z.ZodObject<S>>

export interface Declaration<Code extends string, Req extends Shape, Res extends Shape, R, T extends Targets, A, P> {
  /** The vendor's, letter by letter. */
  readonly name: string
  readonly summary: string
  readonly evidence: Evidence
  /** For each target of the operation, this cloud's permission word. */
  readonly rights: { readonly [N in keyof T]: string }
  /** Takes states away from the operation's own. */
  readonly narrow?: Narrow<T>
  /** Targets that no product may own in this cloud, beside those that the operation says so of. */
  readonly userOwned?: readonly (keyof T & string)[]
  readonly request: Req
  readonly response: Res
  readonly operation: Operation<R, T, A, P>
  /** The accounts that the request is about, where it names others than the caller's own, which must administer them. */
  acting?(
    request: Output<Req>,
    here: Here,
  ): readonly AccountId[] | undefined | Promise<readonly AccountId[] | undefined>
  /** Waits only where it looks something up, such as an id by a name. */
  toCore(request: Output<Req>, here: Here): R | Refusal | Promise<R | Refusal>
  /** Some answers repeat what was asked. */
  fromCore(result: A, here: Here, request: Output<Req>): Output<Res>
  /** Rows of the dialect's error table that are different here. */
  readonly errors?: Partial<ErrorTable<Code>>
}

/** A declared action, its types closed over: what a dialect lists. */
export interface Action<Code extends string> {
  readonly name: string
  readonly summary: string
  readonly evidence: Evidence
  readonly rights: Readonly<Record<string, string>>
  readonly narrow: Readonly<Record<string, readonly string[] | undefined>>
  readonly userOwned: readonly string[]
  readonly request: Shape
  readonly response: Shape
  readonly operation: {
    readonly name: string
    readonly mode: string
    readonly rights: Readonly<Record<string, Right>>
    readonly rightsIn?: Readonly<Record<string, RightIn | undefined>>
  }
  readonly errors: Partial<ErrorTable<Code>>
  /**
   * The action is a notice: anybody may ask it, signed or not, because it says the same to all and nothing of any object.
   * Nothing is performed then, and nothing recorded.
   */
  readonly notice?: (members: unknown, house: House) => Members | Refusal
  /** What the action is instead, as its members say: another operation under the same name. */
  readonly also?: Action<Code>
  /** Reads the members, performs, and gives the response's members; a refusal is recorded when it comes back. */
  invoke(members: unknown, here: Here): Promise<Members | Refusal>
}

/** The builder of a dialect's actions; `Code` is the dialect's closed union of error codes. */
export const actionsOf =
  <Code extends string>() =>
  <Req extends Shape, Res extends Shape, R, T extends Targets, A, P = void>(
    declaration: Declaration<Code, Req, Res, R, T, A, P>,
  ): Action<Code> => {
    const { name, operation, toCore, fromCore } = declaration
    const narrow = (declaration.narrow ?? {}) as Action<Code>['narrow'] & Narrow<T>
    const { userOwned = [] } = declaration
    const read = reader(declaration.request)
    const write = writer(declaration.response)
    const bound = { operation, action: name, narrow, userOwned, words: declaration.rights }

    const onRecord = ({ house, caller, view, region }: Here) =>
      ({ house, caller, view, now: house.clock.now(), region: region.id }) as const
    const refused = (here: Here, failures: Refusal['failures']): Promise<Refusal> =>
      recordRefusal(onRecord(here), name, failures)

    /** The caller in the accounts that the request is about, where it names some. */
    const callerFor = async (members: Output<Req>, asked: Here): Promise<Caller | Refusal> => {
      const accounts = declaration.acting && (await declaration.acting(members, asked))
      return accounts ? actFor(asked.caller, asked.view, accounts) : asked.caller
    }

    return {
      name,
      operation,
      narrow,
      userOwned,
      summary: declaration.summary,
      evidence: declaration.evidence,
      rights: declaration.rights,
      request: declaration.request,
      response: declaration.response,
      errors: declaration.errors ?? {},
      async invoke(members, asked) {
        const parsed = read(members)
        if ('failures' in parsed) return refused(asked, parsed.failures)
        let here = asked
        let request: R | Refusal
        try {
          const caller = declaration.acting ? await callerFor(parsed.members, asked) : asked.caller
          if (caller instanceof Refusal) return refused(asked, caller.failures)
          if (caller !== asked.caller) here = { ...asked, caller }
          request = await toCore(parsed.members, here)
        } catch (error) {
          await recordFailure(onRecord(here), name)
          throw error
        }
        if (request instanceof Refusal) return refused(here, request.failures)
        const { revision } = here
        const asSeen = revision === undefined ? bound : { ...bound, revision }
        const result = await perform(here.house, here.caller, here.view, here.region.id, asSeen, request)
        return result instanceof Refusal
          ? result
          : write(fromCore(result, here, parsed.members) as Record<string, unknown>)
      },
    }
  }

/** Reaches nothing, so there is nothing to allow. */
const telling = { name: 'tell', mode: 'look', rights: {}, targets: () => ({}) } as const

/** The builder of a dialect's notices. */
export const noticesOf =
  <Code extends string>() =>
  <Req extends Shape, Res extends Shape>({
    request,
    response,
    say,
    ...rest
  }: Pick<Action<Code>, 'name' | 'summary' | 'evidence'> & {
    readonly request: Req
    readonly response: Res
    say(request: Output<Req>, house: House): Output<Res> | Refusal
    readonly errors?: Partial<ErrorTable<Code>>
  }): Action<Code> => {
    const read = reader(request)
    const write = writer(response)
    const notice = (members: unknown, house: House): Members | Refusal => {
      const parsed = read(members)
      if ('failures' in parsed) return new Refusal(parsed.failures)
      const said = say(parsed.members, house)
      return said instanceof Refusal ? said : write(said as Record<string, unknown>)
    }
    const invoke = async (members: unknown, { house }: Here) => notice(members, house)
    return {
      errors: {},
      ...rest,
      request,
      response,
      rights: {},
      narrow: {},
      userOwned: [],
      operation: telling,
      notice,
      invoke,
    }
  }

/** Members of either of two shapes, for whoever reads of them: required where both require them. */
const together = (first: Shape, second: Shape): Shape => {
  const bothRequire = (name: string) =>
    [first[name], second[name]].every((schema) => schema !== undefined && !schema.isOptional())
  const all = Object.entries({ ...second, ...first })
  return Object.fromEntries(
    all.map(([name, schema]) => [name, bothRequire(name) || schema.isOptional() ? schema : schema.optional()]),
  )
}

/**
 * One action of a vendor that is two operations of ours: the second where its members say so. Their rows of the error
 * table are one, so a reason that both can give has one code.
 */
export const eitherOf = <Code extends string>(
  first: Action<Code>,
  second: Action<Code>,
  isSecond: (members: unknown) => boolean,
): Action<Code> => ({
  ...first,
  request: together(first.request, second.request),
  errors: { ...second.errors, ...first.errors },
  also: second,
  invoke: (members, here) => (isSecond(members) ? second : first).invoke(members, here),
})

/** Everything that an action can be. */
export const variantsOf = <Code extends string>(action: Action<Code>): readonly Action<Code>[] =>
  action.also ? [action, ...variantsOf(action.also)] : [action]

/** The server's answers as React sees them: read once, kept while fresh, asked again after a change. */
import {
  keepPreviousData,
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { ActionName, Answered, Asked } from './actions.ts'
import { call, offline, Problem } from './call.ts'
import { useRegion } from './region.ts'

const worthAnotherTry = (failures: number, error: unknown): boolean =>
  failures < 2 && error instanceof Problem && (error.type === offline || error.status === 429)

export const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: worthAnotherTry, staleTime: 5_000, refetchOnWindowFocus: true, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})

export interface ReadOptions {
  readonly enabled?: boolean
  /** How often it is asked again, ms. */
  readonly every?: number
}

export const useRead = <N extends ActionName>(
  action: N,
  asked: Asked<N>,
  { enabled = true, every }: ReadOptions = {},
): UseQueryResult<Answered<N>, Problem> => {
  const region = useRegion()
  return useQuery<Answered<N>, Problem>({
    queryKey: [action, region, asked],
    queryFn: ({ signal }) => call(action, asked, { region, signal }),
    enabled,
    ...(every === undefined ? {} : { refetchInterval: every }),
  })
}

type Paged = { next: string | null }
type PagedAction = { [N in ActionName]: Answered<N> extends Paged ? N : never }[ActionName]

/** A list by its cursor: the pages so far, and how to have one more. */
export const useList = <N extends PagedAction>(action: N, asked: Asked<N>, options: ReadOptions = {}) => {
  const region = useRegion()
  return useInfiniteQuery<
    Answered<N> & Paged,
    Problem,
    { pages: (Answered<N> & Paged)[] },
    unknown[],
    string | undefined
  >({
    queryKey: [action, region, asked],
    queryFn: async ({ signal, pageParam }) =>
      (await call(action, { ...asked, ...(pageParam === undefined ? {} : { cursor: pageParam }) } as Asked<N>, {
        region,
        signal,
      })) as Answered<N> & Paged,
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
    ...(options.every === undefined ? {} : { refetchInterval: options.every }),
  })
}

export interface Change<N extends ActionName> {
  readonly asked: Asked<N>
  readonly revision?: number
}

/** A change. What was read before it is asked again, since nearly all of it may look otherwise now. */
export const useChange = <N extends ActionName>(action: N): UseMutationResult<Answered<N>, Problem, Change<N>> => {
  const region = useRegion()
  const client = useQueryClient()
  return useMutation<Answered<N>, Problem, Change<N>>({
    mutationFn: ({ asked, revision }) => call(action, asked, { region, revision }),
    onSettled: () => client.invalidateQueries(),
  })
}

/** A computation, such as an encryption: nothing that was read changes by it. */
export const useAsk = <N extends ActionName>(action: N): UseMutationResult<Answered<N>, Problem, Asked<N>> => {
  const region = useRegion()
  return useMutation<Answered<N>, Problem, Asked<N>>({ mutationFn: (asked) => call(action, asked, { region }) })
}

/** Who is signed in, read once for all pages, and kept alive while somebody works. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect } from 'react'
import type { Session } from './api/actions.ts'
import { call, onSignedOut, Problem } from './api/call.ts'
import { keepKnownRegion } from './api/region.ts'

export const sessionKey = ['session']

/** What one person read is not the next one's to see. */
export const forgetAll = (client: QueryClient): void =>
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })

/** null: nobody is signed in. */
export const useSessionRead = () =>
  useQuery<Session | null, Problem>({
    queryKey: sessionKey,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      try {
        const session = await call('session-show', {})
        keepKnownRegion(session.regions.map(({ id }) => id))
        return session
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null
        throw error
      }
    },
  })

/** Sign-in is asked for again where the session ended, on the page where the person is. */
export const useSignOutWatch = (): void => {
  const client = useQueryClient()
  useEffect(() => onSignedOut(() => client.setQueryData(sessionKey, null)), [client])
}

const renewBeforeMs = 15 * 60_000
const lookMs = 60_000

/** Renews while the page is looked at; one that nobody looks at runs out. */
export const useRenewal = (session: Session | null | undefined): void => {
  const client = useQueryClient()
  const expiresAt = session?.expiresAt
  useEffect(() => {
    if (!expiresAt) return undefined
    const timer = setInterval(async () => {
      if (document.hidden || Date.parse(expiresAt) - Date.now() > renewBeforeMs) return
      const renewed = await call('session-renew', {}).catch(() => undefined)
      if (renewed)
        client.setQueryData(sessionKey, (old: Session | null) => old && { ...old, expiresAt: renewed.expiresAt })
    }, lookMs)
    return () => clearInterval(timer)
  }, [expiresAt, client])
}

const Context = createContext<Session | undefined>(undefined)

export const SignedIn = ({ session, children }: { readonly session: Session; readonly children: ReactNode }) => (
  <Context value={session}>{children}</Context>
)

export const useSession = (): Session => {
  const session = use(Context)
  if (!session) throw new Error('nobody is signed in')
  return session
}

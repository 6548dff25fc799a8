/** Every page by its path; each comes as a file of its own when it is first asked for. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { type KeyOrigin, type KeyState, type KeyUsage, keyOrigins, keyStates, keyUsages } from './api/actions.ts'
import { Shell } from './shell.tsx'

export interface KeySearch {
  search?: string
  state?: KeyState
  usage?: KeyUsage
  origin?: KeyOrigin
  tag?: string
  sort?: 'oldest'
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((known) => known === value)
const given = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>

const root = createRootRoute({ component: Shell })

export const keysRoute = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search): KeySearch =>
    given({
      search: text(search.search),
      state: oneOf(keyStates, search.state),
      usage: oneOf(keyUsages, search.usage),
      origin: oneOf(keyOrigins, search.origin),
      tag: text(search.tag),
      sort: search.sort === 'oldest' ? ('oldest' as const) : undefined,
    }) as KeySearch,
  component: lazyRouteComponent(() => import('./pages/keys.tsx'), 'KeysPage'),
})

const createKeyRoute = createRoute({
  getParentRoute: () => root,
  path: '/keys/new',
  component: lazyRouteComponent(() => import('./pages/create-key.tsx'), 'CreateKeyPage'),
})

export const keyTabs = ['overview', 'access', 'use', 'crypto', 'clouds', 'audit', 'danger'] as const
export type KeyTab = (typeof keyTabs)[number]

export const keyRoute = createRoute({
  getParentRoute: () => root,
  path: '/keys/$key',
  validateSearch: (search): { tab?: KeyTab } => given({ tab: oneOf(keyTabs, search.tab) }) as { tab?: KeyTab },
  component: lazyRouteComponent(() => import('./pages/key.tsx'), 'KeyPage'),
})

export const importRoute = createRoute({
  getParentRoute: () => root,
  path: '/keys/$key/import',
  component: lazyRouteComponent(() => import('./pages/import-key.tsx'), 'ImportKeyPage'),
})

const usersRoute = createRoute({
  getParentRoute: () => root,
  path: '/users',
  component: lazyRouteComponent(() => import('./pages/users.tsx'), 'UsersPage'),
})

export const userRoute = createRoute({
  getParentRoute: () => root,
  path: '/users/$user',
  component: lazyRouteComponent(() => import('./pages/user.tsx'), 'UserPage'),
})

const rolesRoute = createRoute({
  getParentRoute: () => root,
  path: '/roles',
  component: lazyRouteComponent(() => import('./pages/roles.tsx'), 'RolesPage'),
})

export const roleRoute = createRoute({
  getParentRoute: () => root,
  path: '/roles/$role',
  component: lazyRouteComponent(() => import('./pages/role.tsx'), 'RolePage'),
})

const accountsRoute = createRoute({
  getParentRoute: () => root,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./pages/accounts.tsx'), 'AccountsPage'),
})

export const simulatorRoute = createRoute({
  getParentRoute: () => root,
  path: '/simulator',
  validateSearch: (search): { key?: string } => given({ key: text(search.key) }) as { key?: string },
  component: lazyRouteComponent(() => import('./pages/simulator.tsx'), 'SimulatorPage'),
})

export const outcomes = ['success', 'refused', 'failed', 'unknown'] as const
type Outcome = (typeof outcomes)[number]

export interface AuditFilter {
  key?: string
  principal?: string
  action?: string
  dialect?: string
  outcome?: Outcome
  request?: string
  text?: string
  from?: string
  to?: string
}

export const auditRoute = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: (search): AuditFilter =>
    given({
      key: text(search.key),
      principal: text(search.principal),
      action: text(search.action),
      dialect: text(search.dialect),
      text: text(search.text),
      outcome: oneOf(outcomes, search.outcome),
      request: text(search.request),
      from: text(search.from),
      to: text(search.to),
    }) as AuditFilter,
  component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'AuditPage'),
})

const systemRoute = createRoute({
  getParentRoute: () => root,
  path: '/system',
  component: lazyRouteComponent(() => import('./pages/system.tsx'), 'SystemPage'),
})

export const connectRoute = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  validateSearch: (search): { key?: string } => given({ key: text(search.key) }) as { key?: string },
  component: lazyRouteComponent(() => import('./pages/connect.tsx'), 'ConnectPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    keysRoute,
    createKeyRoute,
    keyRoute,
    importRoute,
    usersRoute,
    userRoute,
    rolesRoute,
    roleRoute,
    accountsRoute,
    simulatorRoute,
    auditRoute,
    systemRoute,
    connectRoute,
  ]),
  basepath: '/console',
  scrollRestoration: true,
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** What is around every page: sign-in before it, and the way to the others beside it. */
import { Alert, AppShell, Burger, Center, Group, Stack, Text } from '@mantine/core'
import { useDisclosure, useNetwork } from '@mantine/hooks'
import {
  IconBuilding,
  IconFileSearch,
  IconKey,
  IconPlugConnected,
  IconScale,
  IconServer2,
  IconUserShield,
  IconUsers,
} from '@tabler/icons-react'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import type { Session } from './api/actions.ts'
import { Mark } from './parts/mark.tsx'
import { Menus } from './parts/menus.tsx'
import { Loading, ProblemNote } from './parts/states.tsx'
import { SignedIn, useRenewal, useSessionRead, useSignOutWatch } from './session.tsx'
import { SignIn } from './sign-in.tsx'
import { useText } from './text/language.tsx'

const Places = ({ operator }: Pick<Session, 'operator'>) => {
  const { nav } = useText()
  const places = [
    ['/', nav.keys, IconKey],
    ['/users', nav.users, IconUsers],
    ['/roles', nav.roles, IconUserShield],
    ...(operator ? ([['/accounts', nav.accounts, IconBuilding]] as const) : []),
    ['/simulator', nav.simulator, IconScale],
    ['/audit', nav.audit, IconFileSearch],
    ['/system', nav.system, IconServer2],
    ['/connect', nav.connect, IconPlugConnected],
  ] as const
  const { pathname } = useLocation()
  return (
    <Stack component="ul" gap={2} m={0} p={0} style={{ listStyle: 'none' }}>
      {places.map(([to, name, Icon]) => (
        <li key={to}>
          <Link
            to={to}
            className="nav-link"
            activeOptions={{ exact: to !== '/users' && to !== '/roles', includeSearch: false }}
            {...(to === '/' && pathname.startsWith('/keys/') ? { 'data-status': 'active' } : {})}
          >
            <Icon size={19} stroke={1.6} aria-hidden />
            {name}
          </Link>
        </li>
      ))}
    </Stack>
  )
}

const Offline = () => {
  const { online } = useNetwork()
  const { problem } = useText()
  if (online) return null
  return (
    <Alert color="yellow" mb="md" title={problem.offline.title} role="status">
      {problem.offline.what}
    </Alert>
  )
}

const Inside = ({ session }: { readonly session: Session }) => {
  const [opened, { toggle, close }] = useDisclosure()
  const { nav } = useText()
  const { pathname } = useLocation()
  useEffect(close, [pathname])
  return (
    <SignedIn session={session}>
      <a className="skip" href="#page">
        {nav.skip}
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !opened } }}
        padding={{ base: 'md', sm: 'xl' }}
      >
        <AppShell.Header>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
            <Group gap="xs" wrap="nowrap">
              <Burger
                opened={opened}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={nav.menu}
                aria-expanded={opened}
              />
              <Mark />
              <Text fw={650} visibleFrom="xs">
                Keystead
              </Text>
            </Group>
            <Menus session={session} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="sm" aria-label={nav.places}>
          <Places operator={session.operator} />
        </AppShell.Navbar>
        <AppShell.Main id="page" tabIndex={-1}>
          <div style={{ maxWidth: 1280, margin: '0 auto' }}>
            <Offline />
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </div>
        </AppShell.Main>
      </AppShell>
    </SignedIn>
  )
}

export const Shell = () => {
  const read = useSessionRead()
  useSignOutWatch()
  useRenewal(read.data)
  if (read.data) return <Inside session={read.data} />
  if (read.data === null) return <SignIn />
  return (
    <Center mih="100vh" p="md" component="main">
      {read.error ? <ProblemNote problem={read.error} again={read.refetch} /> : <Loading lines={3} />}
    </Center>
  )
}

/** What is chosen for all pages: the region, the language, light or dark; and who is signed in. */
import {
  ActionIcon,
  Menu,
  NativeSelect,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { IconLanguage, IconLogout, IconLogout2, IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { Session } from '../api/actions.ts'
import { call } from '../api/call.ts'
import { chooseRegion, useRegion } from '../api/region.ts'
import { forgetAll, sessionKey } from '../session.tsx'
import { type Language, languages, useSpeech, useText } from '../text/language.tsx'

const nameOf = ({ id, names }: Session['regions'][number]): string => {
  const { tencent, huawei } = names
  return [...new Set([tencent, huawei])].filter(Boolean).join(' / ') || id
}

const Region = ({ session }: { readonly session: Session }) => {
  const { nav } = useText()
  const region = useRegion()
  return (
    <NativeSelect
      aria-label={nav.region}
      size="xs"
      value={region ?? session.region}
      onChange={({ currentTarget }) => chooseRegion(currentTarget.value)}
      data={session.regions.map((each) => ({ value: each.id, label: nameOf(each) }))}
      styles={{ input: { maxWidth: '46vw' } }}
    />
  )
}

export const LanguageMenu = () => {
  const { text, language, choose } = useSpeech()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={text.nav.language}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text.nav.language}>
            <IconLanguage size={20} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(languages) as Language[]).map((each) => (
          <Menu.Item key={each} lang={each} onClick={() => choose(each)} fw={each === language ? 600 : 400}>
            {languages[each]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

export const LightOrDark = () => {
  const { nav } = useText()
  const { setColorScheme } = useMantineColorScheme()
  const now = useComputedColorScheme('light')
  const label = now === 'dark' ? nav.light : nav.dark
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(now === 'dark' ? 'light' : 'dark')}
      >
        {now === 'dark' ? <IconSun size={20} stroke={1.6} /> : <IconMoon size={20} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  )
}

const Person = ({ session }: { readonly session: Session }) => {
  const { nav } = useText()
  const client = useQueryClient()
  const end = async (action: 'session-end' | 'session-end-all') => {
    await call(action, {}).catch(() => undefined)
    forgetAll(client)
    client.setQueryData(sessionKey, null)
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={nav.person}>
          <IconUserCircle size={22} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {session.principal.name}
          </Text>
          <Text size="xs">{nav.inAccount(session.account.name)}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => end('session-end')}>
          {nav.signOut}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout2 size={16} />} onClick={() => end('session-end-all')}>
          {nav.signOutEverywhere}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

export const Menus = ({ session }: { readonly session: Session }) => (
  <div style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
    <Region session={session} />
    <LanguageMenu />
    <LightOrDark />
    <Person session={session} />
  </div>
)

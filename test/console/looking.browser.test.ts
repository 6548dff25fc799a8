import { beforeAll, describe, expect, it } from 'vitest'
import { openPage, type Watched } from '../harness/browser.ts'
import { locales, Person } from './person.ts'
import { openStage } from './stage.ts'

const stage = openStage()
let key = ''
beforeAll(async () => {
  key = (await stage.keystead.ok('CreateKey', { Alias: 'looked-at' })).KeyId
  await stage.keystead.ok('Encrypt', { KeyId: key, Plaintext: 'aGVsbG8=' })
  await stage.keystead.call('DisableKey', { KeyId: '01a1fa5d-0000-7000-8000-000000000000' })
})

describe.each(['en', 'zh'] as const)('looking after it, in %s', (spoken) => {
  let person: Person
  let watched: Watched

  beforeAll(async () => {
    watched = await openPage(stage.browser, { locale: locales[spoken], viewport: { width: 390, height: 844 } })
    person = new Person(watched.page, spoken, stage.keystead)
    const { secretId, secretKey } = stage.keystead.credentials.tencent
    await person.goTo('/audit')
    await person.signInWith(secretId, secretKey)
    await person.title(person.text.audit.title)
  })

  it('a call is found in the audit by its key and action, and opens into all that was written', async () => {
    const { audit } = person.text
    await person.field(audit.key).fill(key)
    await person.field(audit.action).fill('Encrypt')
    await person.press(audit.find)
    await person.page.getByRole('cell', { name: /^CreateKey/ }).waitFor({ state: 'detached' })
    await person.page.getByRole('cell', { name: /^Encrypt/ }).waitFor()
    await person.page.getByRole('button', { name: audit.open }).first().click()
    await person.page.getByRole('region', { name: audit.entry }).getByText('"dialect": "tencent"').waitFor()
    await person.findsNoBarrier()
  })

  it('what happens is followed', async () => {
    const { audit } = person.text
    await person.goTo('/audit')
    await person.page.getByRole('switch', { name: audit.follow }).check({ force: true })
    const followed = person.page.getByRole('region', { name: audit.followed, exact: true })
    await followed.getByText(audit.followedNone).waitFor()
    await person.page.waitForResponse((response) => response.url().endsWith('/audit-tail'))
    await stage.keystead.ok('GenerateRandom', { NumberOfBytes: 8 })
    await followed.getByRole('cell', { name: /^GenerateRandom/ }).waitFor()
  })

  it('the record is taken away as lines of JSON', async () => {
    const { audit } = person.text
    const [download] = await Promise.all([person.page.waitForEvent('download'), person.press(audit.export)])
    const stream = await download.createReadStream()
    const lines = (await stream.toArray()).join('').trim().split('\n')
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('outcome')
  })

  it('the simulator says who may, and which statement or rule decides', async () => {
    const { simulator } = person.text
    await person.goTo(`/simulator?key=${key}`)
    await person.title(simulator.title)
    await person.page.locator('form').getByLabel(simulator.who).first().fill('administrator')
    await person.press(simulator.go)
    await person.sees(simulator.allowed)
    await person.findsNoBarrier()
  })

  it('the system tells how it is', async () => {
    const { system } = person.text
    await person.goTo('/system')
    await person.title(system.title)
    await person.section(system.seal).getByText(system.open, { exact: true }).waitFor()
    await person.section(system.canaries).getByText(system.canariesGood).waitFor()
    await person.page.locator('.recharts-surface').nth(1).waitFor()
    await person.section(system.uses).getByRole('link', { name: key, exact: true }).waitFor()
    await person.findsNoBarrier()
  })

  it('the lines to paste have this server and the key', async () => {
    const { connect } = person.text
    await person.goTo(`/connect?key=${key}`)
    await person.title(connect.title)
    const program = person.page.getByRole('region', { name: 'Node' }).last()
    const text = (await program.textContent()) ?? ''
    expect(text).toContain(new URL(stage.keystead.endpoint).host)
    expect(text).toContain(key)
    await person.findsNoBarrier()
  })

  it('a server that is gone is told as such, and what was read stays', async () => {
    const { keys, problem } = person.text
    await person.goTo('/')
    await person.page.getByRole('link', { name: 'looked-at', exact: true }).waitFor()
    await person.page.context().setOffline(true)
    await person.sees(problem.offline.title)
    await person.page.getByRole('link', { name: 'looked-at', exact: true }).waitFor()
    await person.page.context().setOffline(false)
    await person.title(keys.title)
  })

  it('gives its browser nothing to complain about', () => {
    const lost = watched.complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))
    expect(lost).toEqual([])
  })
})

it('no page is a barrier in the dark, nor gives the browser anything to complain about', async () => {
  const { page, complaints } = await openPage(stage.browser, { locale: locales.en, colorScheme: 'dark' })
  const person = new Person(page, 'en', stage.keystead)
  const { secretId, secretKey } = stage.keystead.credentials.tencent
  await person.goTo('/')
  await person.signInWith(secretId, secretKey)
  await person.title(person.text.keys.title)
  const tabs = ['', '?tab=access', '?tab=use', '?tab=crypto', '?tab=clouds', '?tab=audit', '?tab=danger']
  const others = [
    '/',
    '/keys/new',
    '/users',
    '/users/administrator',
    '/roles',
    '/accounts',
    '/simulator',
    '/audit',
    '/system',
    '/connect',
  ]
  for (const path of [...others, ...tabs.map((tab) => `/keys/${key}${tab}`)]) {
    await person.goTo(path)
    await person.page.getByRole('heading', { level: 1 }).waitFor()
    await person.page.getByRole('status', { name: person.text.common.loading }).first().waitFor({ state: 'detached' })
    await person.findsNoBarrier()
  }
  expect(complaints).toEqual([])
})

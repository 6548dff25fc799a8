import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPage, type Watched } from '../harness/browser.ts'
import { temporaryFolder } from '../harness/keystead.ts'
import { locales, Person } from './person.ts'
import { openStage } from './stage.ts'

const stage = openStage()

/** The commands of the page, run as they stand there. */
const runPasted = (commands: readonly string[]): string => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'pasted.sh'), commands.join('\n'))
  execFileSync('sh', ['-e', 'pasted.sh'], { cwd: folder })
  const wrapped = readFileSync(join(folder, 'wrapped.txt'), 'utf8')
  rmSync(folder, { recursive: true })
  return wrapped
}

describe.each(['en', 'zh'] as const)('a key, in %s', (spoken) => {
  let person: Person
  let watched: Watched
  const name = `orders-${spoken}`
  const imported = `imported-${spoken}`

  beforeAll(async () => {
    watched = await openPage(stage.browser, { locale: locales[spoken] })
    person = new Person(watched.page, spoken, stage.keystead)
    const { secretId, secretKey } = stage.keystead.credentials.tencent
    await person.goTo('/')
    await person.signInWith(secretId, secretKey)
    await person.title(person.text.keys.title)
  })

  const open = async (key: string) => {
    await person.goTo('/')
    await person.page.getByRole('link', { name: key, exact: true }).click()
    await person.title(key)
  }

  it('is created in three steps', async () => {
    const { create, common } = person.text
    await person.page.getByRole('link', { name: person.text.keys.create }).first().click()
    await person.title(create.title)
    await person.findsNoBarrier()
    await person.press(common.next)
    await person.field(create.name).fill(name)
    await person.page.getByRole('switch', { name: create.rotation }).check({ force: true })
    await person.press(common.next)
    await person.sees(create.everyDays(365))
    await person.press(create.make)
    await person.title(name)
    await person.sees(person.text.keyStates.active)
    await person.findsNoBarrier()
  })

  it('is found by a part of its name, and not by another', async () => {
    const { keys } = person.text
    await person.goTo('/')
    await person.findsNoBarrier()
    await person.page.getByLabel(keys.search, { exact: true }).fill('no-such-key')
    await person.sees(keys.noneFound)
    await person.page.getByLabel(keys.search, { exact: true }).fill(name.slice(2))
    await person.page.getByRole('link', { name, exact: true }).waitFor()
    expect(person.page.url()).toContain('search=')
  })

  it('encrypts and decrypts by hand', async () => {
    const { key, crypto } = person.text
    await open(name)
    await person.tab(key.tabs.crypto)
    const encrypt = person.section(crypto.encrypt)
    await encrypt.getByLabel(crypto.plaintext).fill('hello, 你好')
    await person.press(crypto.encrypt, encrypt)
    const ciphertext = (await encrypt.getByRole('region', { name: crypto.ciphertext }).textContent()) ?? ''
    await person.findsNoBarrier()
    const decrypt = person.section(crypto.decrypt)
    await decrypt.getByLabel(crypto.ciphertext).fill(ciphertext)
    await person.press(crypto.decrypt, decrypt)
    await decrypt.getByText('hello, 你好').waitFor()
  })

  it('is rotated: a second version encrypts from then on', async () => {
    const { key } = person.text
    await open(name)
    await person.press(key.rotateNow)
    await person.press(key.rotateNow, person.dialog())
    const versions = person.section(key.versions).getByRole('listitem')
    await versions.nth(1).waitFor()
    expect(await versions.first().textContent()).toContain(key.primary)
  })

  it('has tags and aliases, which come and go', async () => {
    const { tags, key, common } = person.text
    await person.press(tags.add)
    await person.dialog().getByLabel(tags.key, { exact: true }).fill('team')
    await person.dialog().getByLabel(tags.value, { exact: true }).fill('orders')
    await person.press(common.save, person.dialog())
    await person.sees('team = orders')
    await person.press(key.addAlias)
    await person.dialog().getByLabel(key.alias).fill(`alias/${name}`)
    await person.press(common.save, person.dialog())
    await person.sees(`alias/${name}`)
    await person.press(tags.removeThe('team'))
    await person.page.getByText('team = orders').waitFor({ state: 'detached' })
  })

  it('is shown as each cloud sees it', async () => {
    const { key } = person.text
    await person.tab(key.tabs.clouds)
    await person.sees('KeyState')
    await person.sees('key_state')
    await person.findsNoBarrier()
  })

  it('takes material that the commands of its page have wrapped', async () => {
    const { create, common, bring, keyOrigins, keyStates } = person.text
    await person.goTo('/keys/new')
    await person.page.getByRole('radio', { name: keyOrigins.imported }).check()
    await person.press(common.next)
    await person.field(create.name).fill(imported)
    await person.press(common.next)
    await person.press(create.make)
    await person.title(bring.title(imported))
    await person.findsNoBarrier()
    await person.press(bring.prepare)
    const commands = [bring.save, bring.material, bring.wrap].map((label) =>
      person.page.getByRole('region', { name: label }).textContent(),
    )
    const wrapped = runPasted((await Promise.all(commands)).map((command) => command ?? ''))
    await person.press(common.next)
    await person.field(bring.wrapped).fill(randomBytes(256).toString('base64'))
    await person.press(bring.go)
    await person.page.getByRole('alert').waitFor()
    await person.field(bring.wrapped).fill(wrapped)
    await person.press(bring.go)
    await person.title(imported)
    await person.sees(keyStates.active)
  })

  it('a change of what somebody else changed meanwhile is refused, and says so', async () => {
    const { key, common, problem } = person.text
    await open(name)
    const id = new URL(person.page.url()).pathname.split('/').at(-1)
    await person.page.getByRole('button', { name: common.edit }).first().click()
    await stage.keystead.ok('UpdateKeyDescription', { KeyId: id, Description: 'by another' })
    await person.dialog().getByLabel(key.description).fill('by this person')
    await person.press(common.save, person.dialog())
    await person.dialog().getByText(problem.stale.title).waitFor()
  })

  it('is suspended by somebody who saw who would be refused, and resumed', async () => {
    const { key, danger, keyStates } = person.text
    await open(name)
    const id = new URL(person.page.url()).pathname.split('/').at(-1)
    await stage.keystead.ok('Encrypt', { KeyId: id, Plaintext: 'aGVsbG8=' })
    await person.tab(key.tabs.danger)
    await person.press(danger.suspend)
    await person.dialog().getByRole('cell', { name: 'tencent' }).waitFor()
    await person.dialog().getByRole('cell', { name: '127.0.0.1' }).first().waitFor()
    await person.findsNoBarrier()
    await person.press(danger.suspend, person.dialog())
    await person.sees(keyStates.suspended)
    expect((await stage.keystead.call('Encrypt', { KeyId: id, Plaintext: 'aGVsbG8=' })).code).toContain('Disabled')
    await person.press(danger.resume)
    await person.sees(keyStates.active)
  })

  it('is to be destroyed only by whoever types its name, and kept again', async () => {
    const { danger, keyStates } = person.text
    await person.press(danger.destroy)
    const schedule = person.button(danger.schedule, person.dialog())
    expect(await schedule.isDisabled()).toBe(true)
    await person.dialog().getByLabel(danger.typeName(name)).fill(name)
    await schedule.click()
    await person.sees(keyStates.destructionScheduled)
    await person.findsNoBarrier()
    await person.press(danger.cancel)
    await person.sees(keyStates.suspended)
  })

  it('shows its use over time', async () => {
    const { key, use } = person.text
    await person.tab(key.tabs.use)
    await person.section(use.title).getByRole('cell', { name: 'native' }).first().waitFor()
    await person.page.locator('.recharts-surface').first().waitFor()
    await person.findsNoBarrier()
  })

  it('gives its browser nothing to complain about', () => {
    expect(watched.complaints).toEqual([])
  })
})

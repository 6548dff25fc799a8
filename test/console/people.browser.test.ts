import { beforeAll, describe, expect, it } from 'vitest'
import { openPage, type Watched } from '../harness/browser.ts'
import { locales, Person } from './person.ts'
import { openStage } from './stage.ts'

const stage = openStage()

/** What lets somebody see keys, and use one of them alone. */
const policyFor = (resource: string): string =>
  JSON.stringify({
    version: '2.0',
    statement: [
      { effect: 'allow', action: ['kms:DescribeKey'], resource: ['*'] },
      { effect: 'allow', action: ['kms:Encrypt'], resource: [resource] },
    ],
  })

describe.each(['en', 'zh'] as const)('people, in %s', (spoken) => {
  let person: Person
  let watched: Watched
  let mine = ''
  let others = ''
  const user = `clerk-${spoken}`
  const password = 'correct horse battery'

  const resourceOf = (key: string) =>
    `qcs::kms:ap-guangzhou::key/creatorUin/${stage.keystead.credentials.tencent.uin}/${key}`

  beforeAll(async () => {
    mine = (await stage.keystead.ok('CreateKey', { Alias: `mine-${spoken}` })).KeyId
    others = (await stage.keystead.ok('CreateKey', { Alias: `others-${spoken}` })).KeyId
    watched = await openPage(stage.browser, { locale: locales[spoken] })
    person = new Person(watched.page, spoken, stage.keystead)
    const { secretId, secretKey } = stage.keystead.credentials.tencent
    await person.goTo('/users')
    await person.signInWith(secretId, secretKey)
    await person.title(person.text.users.title)
  })

  it('a user is made, with a password, and an access key whose secret is shown once', async () => {
    const { users, accessKeys, common } = person.text
    await person.findsNoBarrier()
    await person.press(users.create)
    await person.dialog().getByLabel(users.name).fill(user)
    await person.press(users.create, person.dialog())
    await person.title(user)
    await person.press(users.setPassword)
    await person.dialog().getByLabel(users.newPassword).first().fill(password)
    await person.press(common.save, person.dialog())
    await person.dialog().waitFor({ state: 'detached' })
    await person.press(accessKeys.create)
    await person.press(accessKeys.create, person.dialog())
    await person.sees(accessKeys.once)
    const secret = await person.dialog().locator('dd').nth(1).textContent()
    await person.findsNoBarrier()
    await person.press(accessKeys.kept)
    await person.dialog().waitFor({ state: 'detached' })
    expect(secret?.length).toBeGreaterThan(30)
    await person.page.reload()
    await person.title(user)
    expect(await person.page.content()).not.toContain(secret)
  })

  it('a policy gives the right to one key', async () => {
    const { policies } = person.text
    await person.press(policies.attach)
    await person.dialog().getByLabel(policies.name, { exact: false }).first().fill('one-key')
    await person
      .dialog()
      .getByLabel(policies.document)
      .fill(policyFor(resourceOf(mine)))
    await person.findsNoBarrier()
    await person.press(policies.attach, person.dialog())
    await person.dialog().waitFor({ state: 'detached' })
    await person.sees(resourceOf(mine))
    await person.findsNoBarrier()
  })

  it('whoever has it encrypts with that key, and is refused another', async () => {
    const { crypto, problem, key } = person.text
    await person.signOut()
    await person.goTo(`/keys/${mine}?tab=crypto`)
    await person.signInAs(user, password)
    await person.button(person.text.nav.person).waitFor()
    for (const [id, name] of [
      [mine, `mine-${spoken}`],
      [others, `others-${spoken}`],
    ] as const) {
      await person.goTo(`/keys/${id}?tab=crypto`)
      await person.title(name)
      await person.page.getByRole('tab', { name: key.tabs.crypto }).waitFor()
      const encrypt = person.section(crypto.encrypt)
      await encrypt.getByLabel(crypto.plaintext).fill('hello')
      await person.press(crypto.encrypt, encrypt)
      if (id === mine) await encrypt.getByRole('region', { name: crypto.ciphertext }).waitFor()
      else await encrypt.getByText(problem.noPermission.title).waitFor()
    }
    await person.findsNoBarrier()
    await person.goTo('/users')
    await person.sees(problem.noPermission.title)
  })

  it('a grant lends one more right, until it is taken back', async () => {
    const { access, nav } = person.text
    const { secretId, secretKey } = stage.keystead.credentials.tencent
    await person.signOut()
    await person.goTo(`/keys/${others}?tab=access`)
    await person.signInWith(secretId, secretKey)
    await person.button(nav.person).waitFor()
    await person.press(access.grant)
    await person.dialog().getByLabel(access.user).fill(user)
    await person.dialog().getByRole('checkbox', { name: 'decrypt' }).check()
    await person.findsNoBarrier()
    await person.press(access.grant, person.dialog())
    await person.page.getByRole('cell', { name: /decrypt/i }).waitFor()
    await person.press(access.revoke)
    await person.press(access.revoke, person.dialog())
    await person.sees(access.noGrants)
  })

  it('a role is made for another account, given a policy, and removed', async () => {
    const { nav, accounts, roles, policies, users } = person.text
    const [account, role] = [`partner-${spoken}`, `visitor-${spoken}`]
    const { uin } = stage.keystead.credentials.tencent
    await person.page.getByRole('link', { name: nav.accounts, exact: true }).click()
    await person.press(accounts.create)
    await person.dialog().getByLabel(accounts.name).fill(account)
    await person.press(accounts.create, person.dialog())
    await person.page.getByRole('cell', { name: account, exact: true }).waitFor()
    await person.press(accounts.administrator, person.page.getByRole('row', { name: account }))
    await person.dialog().getByLabel(accounts.administratorWho).fill(uin)
    await person.findsNoBarrier()
    await person.press(person.text.common.save, person.dialog())
    await person.sees(accounts.by(account, uin))
    await person.page.getByRole('link', { name: nav.roles, exact: true }).click()
    await person.sees(roles.none)
    await person.press(roles.create)
    await person.dialog().getByLabel(roles.name).fill(role)
    await person.dialog().getByRole('combobox', { name: roles.trusts }).fill(account)
    await person.page.keyboard.press('Enter')
    await person.findsNoBarrier()
    await person.press(roles.create, person.dialog())
    await person.title(role)
    await person.press(policies.attach)
    await person.dialog().getByLabel(policies.name, { exact: false }).first().fill('one-key')
    await person
      .dialog()
      .getByLabel(policies.document)
      .fill(policyFor(resourceOf(mine)))
    await person.press(policies.attach, person.dialog())
    await person.sees(resourceOf(mine))
    await person.findsNoBarrier()
    await person.press(roles.delete)
    await person.press(roles.delete, person.dialog())
    await person.sees(roles.none)
    await person.page.getByRole('link', { name: users.title, exact: true }).click()
    await person.title(users.title)
  })

  it('gives its browser nothing to complain about', () => {
    expect(watched.complaints).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { openPage } from '../harness/browser.ts'
import { locales, Person, type Spoken } from './person.ts'
import { openStage } from './stage.ts'

const stage = openStage()

const visit = async (spoken: Spoken) => {
  const { page, complaints } = await openPage(stage.browser, { locale: locales[spoken] })
  return { person: new Person(page, spoken, stage.keystead), complaints }
}

describe.each(['en', 'zh'] as const)('signing in, in %s', (spoken) => {
  it('refuses a wrong secret in words, lets the right one in, and lets out again', async () => {
    const { person, complaints } = await visit(spoken)
    const { secretId, secretKey } = stage.keystead.credentials.tencent
    await person.goTo('/')
    await person.page.getByRole('heading', { name: person.text.signIn.title }).waitFor()
    await person.findsNoBarrier()
    await person.signInWith(secretId, 'not-the-secret-of-this-access-key')
    await person.sees(person.text.signIn.refused)
    await person.signInWith(secretId, secretKey)
    await person.title(person.text.keys.title)
    const [cookie] = await person.page.context().cookies(`${stage.keystead.endpoint}/api/v1`)
    expect(cookie).toMatchObject({ name: 'keystead_session', httpOnly: true, sameSite: 'Strict', path: '/api' })
    expect(await person.page.evaluate('JSON.stringify(localStorage) + document.cookie')).not.toContain(cookie?.value)
    await person.signOut()
    await person.page.reload()
    await person.page.getByRole('heading', { name: person.text.signIn.title }).waitFor()
    expect(complaints).toEqual([])
  })
})

it('the language and the theme are changed without signing in, and kept', async () => {
  const { person } = await visit('en')
  await person.goTo('/')
  await person.press(person.text.nav.language)
  await person.page.getByRole('menuitem', { name: '简体中文' }).click()
  await person.page.getByRole('heading', { name: '登录' }).waitFor()
  await person.page.getByRole('button', { name: '使用深色主题' }).click()
  await person.page.reload()
  await person.page.getByRole('heading', { name: '登录' }).waitFor()
  await person.page.locator('html[lang="zh-CN"][data-mantine-color-scheme="dark"]').waitFor()
})

it('a session that ended asks for signing in again where the person is', async () => {
  const { person } = await visit('en')
  const { secretId, secretKey } = stage.keystead.credentials.tencent
  await person.goTo('/users')
  await person.signInWith(secretId, secretKey)
  await person.title(person.text.users.title)
  await person.page.context().clearCookies()
  await person.page.getByRole('link', { name: 'administrator' }).click()
  await person.page.getByRole('heading', { name: person.text.signIn.title }).waitFor()
  await person.signInWith(secretId, secretKey)
  await person.title('administrator')
})

it('an account without keys is told so, with the way to the first one', async () => {
  const { person } = await visit('en')
  const { secretId, secretKey } = stage.keystead.credentials.tencent
  await person.goTo('/')
  await person.signInWith(secretId, secretKey)
  await person.sees(person.text.keys.none)
  await person.findsNoBarrier()
})

it.each([
  [503, 'unavailable', 'sealed'],
  [500, 'internal', 'fault'],
  [429, 'tooManyRequests', 'tooMany'],
] as const)('a server that answers %s is told in words, with what to do', async (status, type, kind) => {
  const { person } = await visit('en')
  const problem = { type, title: type, status, detail: 'What the server says.', instance: 'request-1' }
  await person.page.route('**/api/v1/session-show', (route) => route.fulfill({ status, json: problem }))
  await person.goTo('/')
  await person.sees(person.text.problem[kind].title)
  await person.sees('What the server says.')
  await person.findsNoBarrier()
  await person.page.unroute('**/api/v1/session-show')
  await person.press(person.text.common.tryAgain)
  await person.page.getByRole('heading', { name: person.text.signIn.title }).waitFor()
})

it('somebody without a mouse skips to the page, and chooses and opens by keys alone', async () => {
  const { person } = await visit('en')
  const { secretId, secretKey } = stage.keystead.credentials.tencent
  await person.goTo('/')
  await person.page.getByRole('textbox', { name: person.text.signIn.accessKeyId }).focus()
  const { keyboard } = person.page
  await keyboard.type(secretId)
  await keyboard.press('Tab')
  await keyboard.type(secretKey)
  await keyboard.press('Enter')
  await person.title(person.text.keys.title)
  await keyboard.press('Tab')
  await person.page.getByRole('link', { name: person.text.nav.skip }).waitFor()
  await keyboard.press('Enter')
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  await person.title(person.text.create.title)
})

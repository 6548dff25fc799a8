/** What a person does in the console, in the language that it speaks, found as a screen reader names it. */
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { en, type Messages } from '../../console/src/text/en.ts'
import { zh } from '../../console/src/text/zh.ts'
import { barriers } from '../harness/browser.ts'
import type { TestKeystead } from '../harness/keystead.ts'

export const catalogues = { en, zh } as const
export const locales = { en: 'en-GB', zh: 'zh-CN' } as const
export type Spoken = keyof typeof catalogues

export class Person {
  readonly page: Page
  readonly text: Messages
  private readonly endpoint: string

  constructor(page: Page, spoken: Spoken, { endpoint }: Pick<TestKeystead, 'endpoint'>) {
    this.page = page
    this.text = catalogues[spoken]
    this.endpoint = endpoint
  }

  goTo(path: string): Promise<unknown> {
    return this.page.goto(`${this.endpoint}/console${path}`)
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: true })
  }

  press(name: string, within: Page | Locator = this.page): Promise<void> {
    return this.button(name, within).click()
  }

  /** A label may end in the mark of what must be filled in. */
  field(label: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('textbox', { name: label })
  }

  tab(name: string): Promise<void> {
    return this.page.getByRole('tab', { name, exact: true }).click()
  }

  section(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true }).first()
  }

  dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  async title(name: string): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  }

  async findsNoBarrier(): Promise<void> {
    expect(await barriers(this.page), this.page.url()).toEqual([])
  }

  async signInWith(id: string, secretKey: string): Promise<void> {
    const { signIn } = this.text
    await this.page.getByRole('textbox', { name: signIn.accessKeyId }).fill(id)
    await this.page.getByLabel(signIn.secretKey).first().fill(secretKey)
    await this.press(signIn.go)
  }

  async signInAs(user: string, password: string): Promise<void> {
    const { signIn } = this.text
    await this.page.getByText(signIn.byPassword, { exact: true }).click()
    await this.page.getByRole('textbox', { name: signIn.user, exact: true }).fill(user)
    await this.page.locator('input[type=password]').fill(password)
    await this.press(signIn.go)
  }

  async signOut(): Promise<void> {
    await this.press(this.text.nav.person)
    await this.page.getByRole('menuitem', { name: this.text.nav.signOut, exact: true }).click()
    await this.page.getByRole('heading', { name: this.text.signIn.title }).waitFor()
  }
}

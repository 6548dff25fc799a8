/** What the tests of one file share: a server with its console, and a browser to look at it. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { openBrowser } from '../harness/browser.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'

export interface Stage {
  readonly keystead: TestKeystead
  readonly browser: Browser
}

/** Both are there once the file's tests begin. */
export const openStage = (): Stage => {
  const stage: { -readonly [Member in keyof Stage]?: Stage[Member] } = {}
  beforeAll(async () => {
    stage.keystead = await startKeystead()
    stage.browser = await openBrowser()
  })
  afterAll(async () => {
    await stage.browser?.close()
    await stage.keystead?.end()
  })
  return stage as Stage
}

import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../house/sources.ts'

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
}

const dist = join(root, 'console', 'dist')
const loadedBytesMax = 250_000

/** What a browser must have before the chunks' own code runs. */
const withImports = (manifest: Readonly<Record<string, Chunk>>, first: readonly string[]): Set<string> => {
  const found = new Set<string>()
  const add = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    for (const each of manifest[name]?.imports ?? []) add(each)
  }
  for (const name of first) add(name)
  return found
}

it('the first load, signing in and the list of keys, is under 250 KB of compressed script', () => {
  const path = join(dist, '.vite', 'manifest.json')
  expect(existsSync(path), 'npm run build:console makes what is measured here').toBe(true)
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Chunk>
  const names = withImports(manifest, ['index.html', 'src/pages/keys.tsx', 'src/text/zh.ts'])
  const files = [...names].map((name) => manifest[name]?.file ?? '')
  expect(files).toContain(manifest['src/pages/keys.tsx']?.file)
  const bytes = files.map((file) => statSync(join(dist, `${file}.gz`)).size).reduce((sum, each) => sum + each, 0)
  expect(bytes).toBeLessThan(loadedBytesMax)
  // A figure that is far too small would mean that something else is measured than what is loaded.
  expect(bytes).toBeGreaterThan(loadedBytesMax / 4)
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { notice, sbom } from '../../scripts/bill.ts'
import { consolePackages, type Lock, type Package, productionPackages } from '../../scripts/packages.ts'
import { root } from '../house/sources.ts'

const permissive = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0']
const publicDomain = ['Unlicense', 'CC0-1.0']
const allowed = new Set([...permissive, ...publicDomain])
const packages = productionPackages()

/** Of an expression such as `(MIT OR CC0-1.0)`, every part: what may be chosen is as good as what must be kept. */
const partsOf = (license: string): string[] => license.replaceAll(/[()]/g, '').split(/ (?:AND|OR) /)

const wrongLicences = (all: readonly Package[]): string[] =>
  all
    .filter(({ license = '' }) => !partsOf(license).every((part) => allowed.has(part)))
    .map(({ name, license }) => `${name}: ${license}`)
const withScripts = (all: readonly Package[]): string[] =>
  all.filter(({ hasInstallScript = false }) => hasInstallScript).map(({ name }) => name)
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

describe('the packages of a running server', () => {
  it('are found through the lock file, nested ones too, and those of the tests are not', () => {
    const lock: Lock = {
      '': { dependencies: { a: '1' } },
      'node_modules/a': { dependencies: { b: '2' }, optionalDependencies: { absent: '1' } },
      'node_modules/a/node_modules/b': { version: '2', dependencies: { c: '1' } },
      'node_modules/b': { version: '1' },
      'node_modules/c': { dependencies: { b: '1' } },
      'node_modules/only-for-tests': {},
    }
    expect(productionPackages(lock).map(({ path }) => path)).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/b',
      'node_modules/c',
    ])
    expect(() => productionPackages({ '': { dependencies: { a: '1' } } })).toThrow('not locked')
  })

  it('are what package.json names, and what those need', () => {
    const names = packages.map(({ name }) => name)
    for (const name of Object.keys(manifest.dependencies)) expect(names).toContain(name)
    expect(names).not.toContain('vitest')
    expect(names).not.toContain('node')
  })

  it('have licences that let everybody use them', () => {
    expect(wrongLicences([...packages, ...consolePackages()])).toEqual([])
    expect(wrongLicences([{ name: 'x', path: 'x', needs: [], license: 'AGPL-3.0' }])).toHaveLength(1)
    expect(wrongLicences([{ name: 'x', path: 'x', needs: [], license: '(MIT OR GPL-3.0)' }])).toHaveLength(1)
    expect(wrongLicences([{ name: 'x', path: 'x', needs: [] }])).toHaveLength(1)
  })

  it('run no script when they are installed, and compile nothing', () => {
    expect(withScripts(packages)).toEqual([])
    expect(withScripts([{ name: 'x', path: 'x', needs: [], hasInstallScript: true }])).toEqual(['x'])
    expect(packages.filter(({ path }) => existsSync(join(root, path, 'binding.gyp')))).toEqual([])
    expect(packages.filter(({ path }) => !existsSync(join(root, path, 'package.json')))).toEqual([])
  })

  it('are named with their licences in NOTICE (npm run bill)', () => {
    expect(readFileSync(join(root, 'NOTICE'), 'utf8')).toBe(notice())
  })

  it('are named with their hashes in sbom.json (npm run bill)', () => {
    const text = readFileSync(join(root, 'sbom.json'), 'utf8')
    expect(text).toBe(sbom())
    const bill = JSON.parse(text)
    const refs = new Set(bill.components.map((component: { 'bom-ref': string }) => component['bom-ref']))
    const named = new Set([...packages, ...consolePackages()].map(({ name, version }) => `${name} ${version}`))
    expect(refs.size).toBe(named.size)
    expect(bill.components).toHaveLength(named.size)
    for (const { dependsOn } of bill.dependencies) for (const ref of dependsOn) expect(refs).toContain(ref)
    for (const { hashes } of bill.components) expect(hashes[0].content).toMatch(/^[0-9a-f]{128}$/)
  })
})

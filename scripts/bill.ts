/** `npm run bill`: writes what a running server and its console are made of, into sbom.json (CycloneDX 1.6) and NOTICE. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { consolePackages, needsOf, type Package, productionPackages, readLock } from './packages.ts'

const root = join(import.meta.dirname, '..')
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
}

/** https://github.com/package-url/purl-spec: the scope's `@` is escaped. */
const purl = (name: string, version = ''): string => `pkg:npm/${name.replace('@', '%40')}@${version}`

const hashes = ({ integrity = '' }: Package) => {
  const [algorithm = '', base64 = ''] = integrity.split('-')
  return [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(base64, 'base64').toString('hex') }]
}

const component = (one: Package) => ({
  type: 'library',
  'bom-ref': purl(one.name, one.version),
  name: one.name,
  version: one.version,
  hashes: hashes(one),
  licenses: [/ /.test(one.license ?? '') ? { expression: one.license } : { license: { id: one.license } }],
  purl: purl(one.name, one.version),
})

const everyPackage = (): Package[] => [...productionPackages(), ...consolePackages()]

/** What the server and the console both have is named once. */
const once = (packages: readonly Package[]): Package[] =>
  [...new Map(packages.toReversed().map((one) => [purl(one.name, one.version), one])).values()].toReversed()

const directNeeds = (): string[] => [
  ...needsOf(readLock(), ''),
  ...needsOf(readLock('console'), '').map((path) => `console/${path}`),
]

/** No time and no serial number: the same tree gives the same bytes. */
export const sbom = (packages: readonly Package[] = everyPackage()): string => {
  const byPath = new Map(packages.map((one) => [one.path, purl(one.name, one.version)]))
  const refs = (paths: readonly string[]) => [...new Set(paths.flatMap((path) => byPath.get(path) ?? []))].sort()
  const self = purl(own.name, own.version)
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': self,
        name: own.name,
        version: own.version,
        description: own.description,
        licenses: [{ license: { id: own.license } }],
        purl: self,
      },
    },
    components: once(packages).map(component),
    dependencies: [
      { ref: self, dependsOn: refs(directNeeds()) },
      ...once(packages).map((one) => ({ ref: purl(one.name, one.version), dependsOn: refs(one.needs) })),
    ],
  }
  return `${JSON.stringify(bill, null, 2)}\n`
}

const rowsOf = (packages: readonly Package[]): string => {
  const width = Math.max(...packages.map(({ name, version = '' }) => name.length + version.length + 1))
  return packages.map(({ name, version, license }) => `  ${`${name} ${version}`.padEnd(width)}  ${license}`).join('\n')
}

export const notice = (): string =>
  `Keystead
Copyright 2026 The Keystead authors

Licensed under the Apache License, Version 2.0; see LICENSE.

A running server is made of these packages too, each under its own license. Their
texts are in the packages, and sbom.json has their hashes.

${rowsOf(productionPackages())}

The console, which the server hands out to browsers, is built from these. Their texts
are in the file licences.txt beside it.

${rowsOf(once(consolePackages()))}
`

if (import.meta.main) {
  writeFileSync(join(root, 'sbom.json'), sbom())
  writeFileSync(join(root, 'NOTICE'), notice())
  process.stdout.write('sbom.json and NOTICE written\n')
}

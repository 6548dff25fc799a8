/** `npm run bill`: writes what a running server is made of, into sbom.json (CycloneDX 1.6) and NOTICE. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { needsOf, type Package, productionPackages, readLock } from './packages.ts'

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
  licenses: [{ license: { id: one.license } }],
  purl: purl(one.name, one.version),
})

/** No time and no serial number: the same tree gives the same bytes. */
export const sbom = (packages: readonly Package[] = productionPackages()): string => {
  const byPath = new Map(packages.map((one) => [one.path, purl(one.name, one.version)]))
  const refs = (paths: readonly string[]) => paths.flatMap((path) => byPath.get(path) ?? []).sort()
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
    components: packages.map(component),
    dependencies: [
      { ref: self, dependsOn: refs(needsOf(readLock(), '')) },
      ...packages.map((one) => ({ ref: purl(one.name, one.version), dependsOn: refs(one.needs) })),
    ],
  }
  return `${JSON.stringify(bill, null, 2)}\n`
}

export const notice = (packages: readonly Package[] = productionPackages()): string => {
  const width = Math.max(...packages.map(({ name, version = '' }) => name.length + version.length + 1))
  const rows = packages.map(({ name, version, license }) => `  ${`${name} ${version}`.padEnd(width)}  ${license}`)
  return `Keystead
Copyright 2026 The Keystead authors

Licensed under the Apache License, Version 2.0; see LICENSE.

A running server is made of these packages too, each under its own license. Their
texts are in the packages, and sbom.json has their hashes.

${rows.join('\n')}
`
}

if (import.meta.main) {
  writeFileSync(join(root, 'sbom.json'), sbom())
  writeFileSync(join(root, 'NOTICE'), notice())
  process.stdout.write('sbom.json and NOTICE written\n')
}

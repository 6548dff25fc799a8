import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCode } from './house/code.ts'
import { brokenLinks, untitled } from './house/documents.ts'
import { type Import, importsOf } from './house/imports.ts'
import {
  circles,
  heldDialects,
  misplacedImports,
  unevenDialects,
  unimported,
  unresolvedImports,
} from './house/rooms.ts'
import { functionsOf, longFiles, longFunctions, medianLines, sizes, unexplained } from './house/sizes.ts'
import { type Fault, root, sourceOf, sourcesBelow, textsBelow, textsIn } from './house/sources.ts'
import { nameFaults, wordFaults } from './house/words.ts'

const program = sourcesBelow('src')
const tests = sourcesBelow('test')
const rest = [...sourcesBelow('bench'), ...sourcesBelow('scripts')]
const everything = [...program, ...tests, ...rest]
const imports = program.flatMap(importsOf)
const functions = program.flatMap(({ path, text }) => functionsOf(path, text))
const pages = [...textsIn('.', '.md'), ...textsBelow('docs', '.md'), ...textsBelow('src', '.md')]

const none: Fault[] = []
const importing = (from: string, ...lines: string[]): Import[] => importsOf(sourceOf(from, lines.join('\n')))
const misplaced = (from: string, line: string): Fault[] => misplacedImports(importing(from, line))
const words = (path: string, text: string): Fault[] => wordFaults(sourceOf(path, text))

describe('the reader of sources', () => {
  it('keeps code and blanks comments, texts, templates and regular expressions', () => {
    const text = 'const a = "x // y" // z\nconst b = `p $' + "{q('r')} s` /* t\n */ + /u'v[/]/.test(w) / 2\n"
    const { code, comments } = readCode(text)
    expect(code).toBe('const a = "      "     \nconst b = `  $' + "{q(' ')}  `     \n    + /      /.test(w) / 2\n")
    expect(comments).toEqual(['// z', '/* t\n */'])
  })

  it('finds every form of import, and which of them are types only', () => {
    const found = importing(
      'src/a/b.ts',
      "import { one } from './one.ts'",
      "import type { two } from '../two.ts'",
      "import {\n  type three,\n  type Four,\n} from './three.ts'",
      "import { type five, six } from './six.ts'",
      "export * from './seven.ts'",
      "export { eight } from './eight.ts'",
      "import './nine.ts'",
      "const ten = await import('./ten.ts')",
      "startWorker(import.meta.url, 'eleven')",
      "// import { no } from './no.ts'",
    )
    expect(found.map(({ to, typeOnly }) => `${to}${typeOnly ? ' (types)' : ''}`).sort()).toEqual([
      'src/a/eight.ts',
      'src/a/eleven.ts',
      'src/a/nine.ts',
      'src/a/one.ts',
      'src/a/seven.ts',
      'src/a/six.ts',
      'src/a/ten.ts',
      'src/a/three.ts (types)',
      'src/two.ts (types)',
    ])
  })

  it('measures functions of every form, and no types', () => {
    const text = [
      'type F = () => void',
      'function named(a: number): number {',
      '  return a',
      '}',
      'const short = (a: string) => a',
      'const long = (',
      '  a: string,',
      '): { b: string } =>',
      "  a === ''",
      "    ? { b: '' }",
      '    : { b: a }',
      'class C {',
      '  async method(): Promise<void> {',
      '    if (this) {',
      '    }',
      '  }',
      '}',
    ].join('\n')
    const found = functionsOf('src/x.ts', text).map(({ line, lines }) => [line, lines])
    expect(found.sort(([a = 0], [b = 0]) => a - b)).toEqual([
      [2, 3],
      [5, 1],
      [6, 6],
      [13, 4],
    ])
  })
})

describe('the rooms', () => {
  it('import only what the table lets them', () => {
    expect(misplacedImports(imports)).toEqual(none)
  })

  it.each([
    ['src/crypto/x.ts', "import { a } from '../core/bytes.ts'"],
    ['src/crypto/x.ts', "import { a } from 'zod'"],
    ['src/core/x.ts', "import { a } from 'node:crypto'"],
    ['src/core/x.ts', "import type { a } from 'node:http'"],
    ['src/core/x.ts', "import { a } from 'zod'"],
    ['src/core/x.ts', "import type { a } from '../contract/action.ts'"],
    ['src/core/x.ts', "import { a } from '../adapters/sql/rows.ts'"],
    ['src/contract/x.ts', "import { a } from '../http/server.ts'"],
    ['src/contract/x.ts', "import { a } from '../dialects/tencent/codes.ts'"],
    ['src/contract/x.ts', "import { a } from '../crypto/digest.ts'"],
    ['src/dialects/tencent/x.ts', "import { a } from '../other/codes.ts'"],
    ['src/dialects/tencent/x.ts', "import { a } from '../../adapters/system/clock.ts'"],
    ['src/dialects/tencent/x.ts', "import { a } from 'node:crypto'"],
    ['src/adapters/sql/x.ts', "import { a } from '../audit-log/journal.ts'"],
    ['src/adapters/audit-log/x.ts', "import { a } from 'kysely'"],
    ['src/adapters/audit-log/x.ts', "import { a } from 'node:http'"],
    ['src/adapters/audit-log/x.ts', "import { a } from '../../http/server.ts'"],
    ['src/adapters/audit-log/x.ts', "import { a } from '../../dialects/tencent/codes.ts'"],
    ['src/http/x.ts', "import { a } from '../dialects/tencent/index.ts'"],
    ['src/http/x.ts', "import { a } from '../core/perform.ts'"],
    ['src/http/x.ts', "import { a } from '../adapters/metrics/metrics.ts'"],
    ['src/cli/x.ts', "import { a } from '../dialects/tencent/index.ts'"],
    ['src/config.ts', "import { a } from './main.ts'"],
    ['src/installation.ts', "import { a } from './main.ts'"],
    ['src/main.ts', "import { a } from './cli/serve.ts'"],
    ['src/cellar/x.ts', "import { a } from './y.ts'"],
  ])('are refused where %s says %s', (from, line) => {
    expect(misplaced(from, line)).toHaveLength(1)
  })

  it('import files that are there', () => {
    const paths = new Set(everything.map(({ path }) => path))
    expect(
      unresolvedImports(
        everything.flatMap(importsOf).filter(({ to }) => to.endsWith('.ts')),
        paths,
      ),
    ).toEqual(none)
    expect(unresolvedImports(importing('src/core/x.ts', "import { a } from './gone.ts'"), paths)).toHaveLength(1)
    expect(unresolvedImports(importing('src/core/x.ts', "import { a } from './state'"), paths)).toHaveLength(1)
  })

  it('have no circle among what runs', () => {
    expect(circles(imports)).toEqual(none)
    const there = importing('src/core/a.ts', "import { b } from './b.ts'")
    expect(circles([...there, ...importing('src/core/b.ts', "import { a } from './a.ts'")])).toHaveLength(1)
    expect(circles([...there, ...importing('src/core/b.ts', "import type { a } from './a.ts'")])).toEqual(none)
  })

  it('hold no file that nobody imports', () => {
    const paths = program.map(({ path }) => path)
    const programs = ['src/cli/keystead.ts', 'src/main.ts', 'src/white-box/decryptor.ts']
    // A dialect's list of what the vendor documents is for the generated reference.
    const referenced = sourcesBelow('scripts/reference').flatMap(importsOf)
    expect(unimported(paths, [...imports, ...referenced], programs)).toEqual(none)
    expect(unimported([...paths, 'src/core/left.ts'], [...imports, ...referenced], programs)).toHaveLength(1)
  })

  it('let a dialect be deleted, with main.ts alone to mend', () => {
    expect(heldDialects(imports)).toEqual(none)
    expect(heldDialects(importing('src/cli/x.ts', "import { a } from '../dialects/tencent/index.ts'"))).toHaveLength(1)
  })

  it('have the same file names in every dialect', () => {
    const paths = [...program.map(({ path }) => path), ...textsBelow('src', '.md').map(({ path }) => path)]
    expect(unevenDialects(paths)).toEqual(none)
    const envelope = 'src/dialects/tencent/envelope.ts'
    expect(unevenDialects(paths.filter((path) => path !== envelope))).toEqual([
      'src/dialects/tencent/: envelope.ts is missing',
    ])
  })
})

describe('words', () => {
  it('of the program are the house’s', () => {
    expect(everything.flatMap(wordFaults)).toEqual(none)
  })

  it.each([
    ['src/http/x.ts', 'const a = b as any'],
    ['src/http/x.ts', 'const a: any = 1'],
    ['src/http/x.ts', 'const a: Array<any> = []'],
    ['src/http/x.ts', 'a.b!.c()'],
    ['src/http/x.ts', 'if (a == b) c()'],
    ['src/http/x.ts', 'if (a != b) c()'],
    ['src/http/x.ts', "console.log('here')"],
    ['src/http/x.ts', '// TODO: later'],
    ['src/http/x.ts', '// @ts-ignore'],
    ['src/http/x.ts', 'const a = Math.random()'],
    ['src/http/x.ts', "throw 'wrong'"],
    ['src/http/x.ts', 'export default a'],
    ['src/http/x.ts', 'const a = process.env.HOME'],
    ['src/http/x.ts', 'process.exit(1)'],
    ['src/http/x.ts', 'const now = Date.now()'],
    ['src/core/x.ts', 'const now = new Date()'],
    ['src/core/x.ts', 'const now = performance.now()'],
    ['src/core/x.ts', 'setTimeout(a, 5)'],
    ['src/dialects/tencent/x.ts', 'setTimeout(a, 5)'],
    ['src/core/x.ts', "Buffer.from('a')"],
    ['src/core/x.ts', 'const { pid } = globalThis.process'],
    ['src/core/x.ts', '// as Tencent does it'],
    ['src/core/x.ts', "const huaweiKey = ''"],
    ['src/core/x.ts', 'const cmkId = 1'],
    ['src/contract/x.ts', "const a = 'qcs::kms'"],
    ['src/http/x.ts', "if (name === 'tencent') a()"],
    ['test/x.test.ts', "it.only('is alone', () => {})"],
    ['test/x.test.ts', "describe.skip('left out', () => {})"],
  ])('are refused where %s says %s', (path, text) => {
    expect(words(path, text)).toHaveLength(1)
  })

  it.each([
    ['src/http/x.ts', "const a = 'any == other != console.'.length !== 3 // any"],
    ['src/core/x.ts', 'const rule = { any: [a] }; use(rule.any, !a)'],
    ['src/adapters/system/clock.ts', 'const now = Date.now()'],
    ['src/dialects/tencent/x.ts', 'const day = new Date(0)'],
    ['src/cli/x.ts', 'process.exit(1)'],
  ])('are let alone where %s says %s', (path, text) => {
    expect(words(path, text)).toEqual(none)
  })

  it('of file names say what is inside', () => {
    expect(program.flatMap(({ path }) => nameFaults(path))).toEqual(none)
    for (const name of ['utils.ts', 'string-helpers.ts', 'key-manager.ts', 'KeyRing.ts', 'key_ring.ts'])
      expect(nameFaults(`src/core/${name}`)).toHaveLength(1)
  })
})

describe('sizes', () => {
  it('of files are within their bounds', () => {
    expect(everything.flatMap(longFiles)).toEqual(none)
    expect(longFiles(sourceOf('src/core/x.ts', 'a\n'.repeat(sizes.file + 1)))).toHaveLength(1)
    expect(longFiles(sourceOf('src/dialects/tencent/actions/x.ts', 'a\n'.repeat(sizes.action + 1)))).toHaveLength(1)
  })

  it('of functions are within their bounds', () => {
    expect(longFunctions(functions)).toEqual(none)
    const long = `const f = () => {\n${'  a()\n'.repeat(sizes.function)}}\n`
    expect(longFunctions(functionsOf('src/core/x.ts', long))).toHaveLength(1)
  })

  it('of half the functions are a dozen lines at most', () => {
    expect(medianLines(functions)).toBeLessThanOrEqual(sizes.functionMedian)
    const middling = functionsOf('src/core/x.ts', `const f = () => {\n${'  a()\n'.repeat(18)}}\n`)
    expect(medianLines(middling)).toBe(20)
  })

  it('need a word of explanation beyond a screen', () => {
    expect(program.flatMap(unexplained)).toEqual(none)
    expect(
      unexplained(sourceOf('src/core/x.ts', `// no docstring\n${'a()\n'.repeat(sizes.unexplained)}`)),
    ).toHaveLength(1)
  })
})

describe('pages', () => {
  it('begin with a title', () => {
    expect(pages.flatMap(untitled)).toEqual(none)
    expect(untitled({ path: 'docs/x.md', text: 'No title\n' })).toHaveLength(1)
  })

  it('link to what is there', () => {
    expect(pages.flatMap((page) => brokenLinks(page, (path) => existsSync(join(root, path))))).toEqual(none)
    const text = '[one](../README.md) [two](gone.md#here) `[three](no.md)` [four](https://example.org/x)'
    expect(brokenLinks({ path: 'docs/x.md', text }, (path) => path === 'README.md')).toHaveLength(1)
  })
})

describe('flags of Node', () => {
  it('are the same however the program is started', () => {
    const flags = /--max-semi-space-size=\d+(?: --[a-z-]+(?:=\d+)?)*/g
    const started = ['package.json', 'src/cli/keystead.ts', 'docs/guides/run.md', 'docs/guides/production.md']
    const found = started.flatMap((path) => readFileSync(join(root, path), 'utf8').match(flags) ?? [path])
    expect(found).toHaveLength(started.length)
    expect(new Set(found).size).toBe(1)
  })
})

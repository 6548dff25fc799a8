import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { productionPackages } from '../../scripts/packages.ts'
import type { Credentials } from '../../src/first-account.ts'
import { signedCall, temporaryFolder } from '../harness/keystead.ts'
import { root } from '../house/sources.ts'

/** As a consumer has it: dist/, and the packages that a server needs, and none of the others. */
const installed = temporaryFolder()
const program = join(installed, 'dist', 'cli', 'keystead.js')

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root, stdio: 'inherit' })
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(installed, name), { recursive: true })
  for (const { path } of productionPackages()) {
    mkdirSync(dirname(join(installed, path)), { recursive: true })
    cpSync(join(root, path), join(installed, path), { recursive: true })
  }
})
afterAll(() => rmSync(installed, { recursive: true, force: true }))

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Starts the built server, and gives its endpoint once it has said it. */
const serve = async (data: string) => {
  const child = spawn(process.execPath, [program, 'serve', '--init', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  let said = ''
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      said += chunk
      const found = /listens on (\S+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.on('exit', (status) => reject(new Error(`the server ended with ${status}`)))
  })
  return { child, ended, endpoint }
}

describe('the built program', () => {
  it('serves with nothing but dist/ and the packages of production, its threads included', async () => {
    const data = join(installed, 'data')
    const { child, ended, endpoint } = await serve(data)
    const { tencent } = JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8')) as Credentials
    const call = (action: string, members: object) =>
      signedCall(endpoint, tencent, Math.floor(Date.now() / 1000), action, members)
    // The writer, the reader, the journal and the queue of slow cryptography are threads that find their .js file.
    const { response: created } = await call('CreateKey', { Alias: 'built', Type: 2 })
    expect(created).toMatchObject({ KeyState: 'PendingImport' })
    const wrapping = { KeyId: created.KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }
    expect((await call('GetParametersForImport', wrapping)).response.PublicKey).toMatch(/^MIIB/)
    expect((await call('ListKeys', {})).response.TotalCount).toBe(1)
    expect(await (await fetch(`${endpoint}/console/`)).text()).toContain('<div id="root">')
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  it('says in one sentence that Node is too old, before it imports what an older one lacks', () => {
    const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})'
    const { status, stderr, stdout } = spawnSync(process.execPath, ['--import', older, program, 'serve'], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('keystead: Node 24 or later is needed; this is Node 20.20.2.\n')
    expect([status, stdout]).toEqual([1, ''])
    expect(readFileSync(program, 'utf8')).not.toMatch(/^import /m)
  })

  it('has the decryptor of white-box keys in one file, which a program imports by its name', () => {
    const file = readFileSync(join(installed, 'dist', 'white-box', 'decryptor.js'), 'utf8')
    expect(file).not.toMatch(/^import /m)
    const script = "console.log(Object.keys(await import('keystead/white-box')).join())"
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: installed,
      encoding: 'utf8',
    })
    expect(stdout).toBe('openWhiteBox\n')
  })

  it('can be run by its name', () => {
    expect(statSync(join(root, manifest.bin.keystead)).mode & 0o111).toBe(0o111)
    const { stdout } = spawnSync(program, ['--help'], { encoding: 'utf8' })
    expect(stdout).toContain('Usage: keystead')
  })
})

describe('the package', () => {
  const packed = (): string[] => {
    const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return (JSON.parse(json)[0].files as { path: string }[]).map(({ path }) => path)
  }

  it('has the program, its types, the documents and the bill, and neither sources nor tests', () => {
    const files = packed()
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'NOTICE',
        'README.md',
        'SECURITY.md',
        'dist/LICENCES.txt',
        'dist/cli/keystead.js',
        'dist/console/index.html',
        'dist/console/licences.txt',
        'dist/main.d.ts',
        'dist/main.js',
        'dist/worker.js',
        'dist/writer.js',
        'docs/reference/README.md',
        'docs/spec/ciphertext.md',
        'package.json',
        'sbom.json',
      ]),
    )
    expect(files.filter((path) => /^(?:src|test|bench|scripts|data|node_modules)\//.test(path))).toEqual([])
    expect(files.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([])
    const exported = ['.', './white-box'].flatMap((name) => Object.values<string>(manifest.exports[name]))
    for (const path of [manifest.bin.keystead, ...exported]) expect(files).toContain(path.replace('./', ''))
  })

  it('says which Node it needs, and runs nothing when it is installed', () => {
    expect(manifest.engines.node).toBe('>=24')
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(manifest.scripts).not.toHaveProperty(script)
  })
})

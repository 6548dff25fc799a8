/** Commands for developers say what they take. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const ran = (path: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, path), ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

const commands = ['scripts/seed.ts', 'scripts/campaign.ts', 'bench/run.ts']

test.each(commands)(
  '%s says with --help what it takes, and ends with a sentence where it is given something else',
  (path) => {
    const help = ran(path, '--help')
    expect(help).toMatchObject({ status: 0, stderr: '' })
    expect(help.stdout).toMatch(/^npm run .*--\w/s)
    const ask = 'With --help it says what there is.\n'
    expect(ran(path, '--nonsense')).toEqual({ status: 2, stdout: '', stderr: `Unknown option '--nonsense'\n${ask}` })
  },
)

test('an option that lacks its value is told so', () => {
  expect(ran('bench/run.ts', '--out').stderr).toMatch(/^Option '--out <value>' argument missing\n/)
})

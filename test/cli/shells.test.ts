/** What zsh and fish complete, as they find it themselves. */
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { program } from '../../src/cli/commands.ts'
import { newFolder } from '../server/folders.ts'

const lines = [
  'keystead whi',
  'keystead key sh',
  'keystead keys list --st',
  'keystead key show alias:::orders --js',
  'keystead key show --data x --js',
] as const
const found = ['white-box', 'show', '--state', '--json', '--json']

/** A file with the script that `keystead completion` prints, in a folder where nothing else could be completed. */
const scriptFor = async (shell: string): Promise<string> => {
  let script = ''
  const written = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    script += text
    return true
  })
  try {
    await program.parseAsync(['completion', shell], { from: 'user' })
  } finally {
    written.mockRestore()
  }
  const file = join(newFolder(), `keystead.${shell}`)
  writeFileSync(file, script)
  return file
}

const isHere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0
const lacking = ['zsh', 'fish'].filter((shell) => !isHere(shell))
if (lacking.length > 0)
  process.stderr.write(
    `not run: the tests of what completes commands, which need ${lacking.join(' and ')}; see .ci/run\n`,
  )

const cleanHome = () => ({ ...process.env, HOME: newFolder(), XDG_CONFIG_HOME: newFolder() })

test.skipIf(lacking.includes('fish'))('fish completes commands and options, and says nothing else', async () => {
  const asked = lines.map((line) => `complete -C '${line}'`).join('; ')
  const { stdout, stderr } = spawnSync(
    'fish',
    ['--no-config', '-c', `source '${await scriptFor('fish')}'; ${asked}; complete -C 'keystead '`],
    { cwd: newFolder(), env: cleanHome(), encoding: 'utf8' },
  )
  const words = stdout.trimEnd().split('\n')
  expect([words.slice(0, found.length), stderr]).toEqual([found, ''])
  expect(words.slice(found.length)).toEqual(expect.arrayContaining(['serve', 'key', 'completion', '--help']))
})

/** A shell in a terminal of its own, where somebody types each line and then the tabulator; it says what the line is then. */
const typing = (file: string): string => `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= PROMPT_EOL_MARK= compdump=no; source '${file}'; say() { print -r -- \\"<\\$BUFFER>\\"; BUFFER=; }; zle -N say; bindkey '^X' say; echo RE''ADY"
zpty -r shell out '*READY*'
for line in ${lines.map((line) => `'${line}'`).join(' ')}; do
  zpty -w -n shell "$line"$'\\t\\x18'
  zpty -r shell out '*<*>*'
  print -r -- "\${\${out##*<}%%>*}"
done
zpty -d shell
`

test.skipIf(lacking.includes('zsh'))('zsh completes commands and options', async () => {
  const text = execFileSync('zsh', ['-f', '-c', typing(await scriptFor('zsh'))], {
    cwd: newFolder(),
    env: cleanHome(),
    encoding: 'utf8',
    timeout: 20_000,
  })
  const completed = lines.map((line, at) => `${line.slice(0, line.lastIndexOf(' '))} ${found[at]}`)
  expect(text.split('\n').map((line) => line.trim())).toEqual([...completed, ''])
})

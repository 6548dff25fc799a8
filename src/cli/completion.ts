/** `completion`: what a shell completes, made of the commands themselves. */
import { Argument, Command } from 'commander'

/** Words that may follow a path of commands, such as `key` and `show`. */
interface Place {
  readonly path: string
  readonly words: readonly string[]
}

const isShown = (command: Command): boolean => command.name() !== 'help'

const wordsAfter = (command: Command): string[] => [
  ...command.commands.filter(isShown).map((below) => below.name()),
  ...command.options.filter(({ hidden }) => !hidden).map(({ long, short }) => long ?? short ?? ''),
  '--help',
]

/** Every name that a command goes by. */
const namesOf = (command: Command): readonly string[] => [command.name(), ...command.aliases()]

const placesIn = (command: Command, path: string): Place[] => [
  { path, words: wordsAfter(command) },
  ...command.commands.flatMap((below) =>
    namesOf(below).flatMap((name) => placesIn(below, path === '' ? name : `${path} ${name}`)),
  ),
]

/** The place is as many words before the cursor as are commands. No names here that zsh keeps for itself, such as `path`. */
const bash = (places: readonly Place[]): string => `# keystead completion bash >> ~/.bashrc
_keystead_words() {
  case "$1" in
${places.map(({ path, words }) => `    '${path}') echo '${words.join(' ')}' ;;`).join('\n')}
  esac
}
_keystead() {
  local place= word at found
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    [ -n "$(_keystead_words "\${place:+$place }$word")" ] || break
    place="\${place:+$place }$word"
  done
  found=$(_keystead_words "$place")
  COMPREPLY=($(compgen -W "$found" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _keystead keystead
`

const zsh = (places: readonly Place[]): string => `# keystead completion zsh >> ~/.zshrc
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
${bash(places).split('\n').slice(1).join('\n')}`

/** The same for fish, which asks it once for every word. */
const fish = (places: readonly Place[]): string =>
  `# keystead completion fish > ~/.config/fish/completions/keystead.fish
function __keystead_words
  switch "$argv[1]"
${places.map(({ path, words }) => `    case '${path}'\n      string split ' ' -- '${words.join(' ')}'`).join('\n')}
  end
end
function __keystead
  set -l place
  set -l words (commandline -opc)
  set -e words[1]
  for word in $words
    count (__keystead_words (string join ' ' -- $place $word)) >/dev/null; or break
    set -a place $word
  end
  __keystead_words (string join ' ' -- $place)
end
complete -c keystead -a '(__keystead)'
`

const shells = { bash, zsh, fish } as const
const names = Object.keys(shells)

/** For all commands of `program`, which are looked at when somebody asks. */
export const completionCommand = (program: Command): Command =>
  new Command('completion')
    .description('print what a shell completes commands by')
    .addArgument(new Argument('<shell>', 'which one').choices(names))
    .addHelpText('after', '\nExample:\n  $ keystead completion bash >> ~/.bashrc')
    .action((shell: keyof typeof shells) => void process.stdout.write(shells[shell](placesIn(program, ''))))

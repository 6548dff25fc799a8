/** Secrets that a command is told: from a file, from standard input, or typed where nobody sees them. Never an argument. */
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

const linesOf = (content: string): readonly string[] =>
  content
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** The first line of a file. */
export const secretFromFile = (path: string): string => {
  const [line] = linesOf(readFileSync(path, 'utf8'))
  if (line === undefined) throw new Error(`${path}: the file is empty.`)
  return line
}

/** Whether a person can be asked. */
export const isTerminal = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** Everything on standard input that is no terminal, line by line. */
export const secretLines = async (): Promise<readonly string[]> => linesOf(await text(process.stdin))

const endOfText = '\u0003'
const erase = new Set(['\u007f', '\b'])

/** One line from the terminal, unseen. The question goes to standard error, so that output can be kept apart. */
export const askSecret = (question: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let typed = ''
    const done = (settle: () => void) => {
      process.stdin.setRawMode(false).pause().off('data', onData)
      process.stderr.write('\n')
      settle()
    }
    const onData = (chunk: string) => {
      for (const character of chunk) {
        if (character === endOfText) return done(() => reject(new Error('interrupted; nothing was changed')))
        if (character === '\r' || character === '\n') return done(() => resolve(typed.trim()))
        typed = erase.has(character) ? typed.slice(0, -1) : typed + character
      }
    }
    // First, so that nothing is shown that was typed ahead of the question.
    process.stdin.setEncoding('utf8').setRawMode(true).resume().on('data', onData)
    process.stderr.write(question)
  })

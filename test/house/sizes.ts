/** How long things are, and whether they say what they are for. */
import { stripTypeScriptTypes } from 'node:module'
import { readCode } from './code.ts'
import type { Fault, Source } from './sources.ts'

const linesOf = (text: string): number => text.trimEnd().split('\n').length

export const sizes = { file: 400, action: 90, function: 70, functionMedian: 12, unexplained: 40 } as const

const isAction = (path: string): boolean => /^src\/dialects\/[^/]+\/actions\//.test(path)

export const longFiles = ({ path, text }: Source): Fault[] => {
  const max = isAction(path) ? sizes.action : sizes.file
  const lines = linesOf(text)
  return lines > max ? [`${path}: ${lines} lines; ${max} are the most, so it is two things`] : []
}

/** An action's summary says what it is for; every other file of some length has a docstring. */
export const unexplained = ({ path, text, comments }: Source): Fault[] => {
  const explained = isAction(path) || comments.some((comment) => comment.startsWith('/**'))
  return explained || linesOf(text) <= sizes.unexplained ? [] : [`${path}: no docstring says what it is for`]
}

export interface Measured {
  readonly path: string
  /** Where it begins, from 1. */
  readonly line: number
  readonly lines: number
}

const opening = /[([{]/
const closing = /[)\]}]/

/** The place after the bracket that closes the one at `at`. */
const afterBracket = (code: string, at: number): number => {
  let depth = 0
  for (let index = at; index < code.length; index++) {
    const char = code[index] as string
    if (opening.test(char)) depth++
    if (closing.test(char) && --depth === 0) return index + 1
  }
  return code.length
}

/** The end of an arrow's expression: a comma, a closing bracket, or a line that nothing goes on from. */
const afterExpression = (code: string, at: number): number => {
  let index = at
  while (index < code.length) {
    const char = code[index] as string
    if (opening.test(char)) {
      index = afterBracket(code, index)
      continue
    }
    if (closing.test(char) || char === ',' || char === ';') return index
    const rest = code.slice(index)
    if (char === '\n' && code.slice(at, index).trim() !== '' && !/^\s*(?:[.?:+\-*/%<>=&|]|as\b|in\b)/.test(rest))
      return index
    index++
  }
  return index
}

const notFunctions = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await'])

/** Where the bracket that `)` at `at` closes begins. */
const beforeBracket = (code: string, at: number): number => {
  let depth = 0
  for (let index = at; index >= 0; index--) {
    const char = code[index] as string
    if (closing.test(char)) depth++
    if (opening.test(char) && --depth === 0) return index
  }
  return 0
}

interface Span {
  readonly start: number
  readonly end: number
}

const arrows = (code: string): Span[] =>
  [...code.matchAll(/=>\s*/g)].map((match) => {
    const body = match.index + match[0].length
    const end = code[body] === '{' ? afterBracket(code, body) : afterExpression(code, body)
    const before = code.slice(0, match.index).trimEnd()
    const start = before.endsWith(')') ? beforeBracket(code, before.length - 1) : match.index
    return { start, end }
  })

const bodies = (code: string): Span[] =>
  [...code.matchAll(/\)\s*\{/g)].flatMap((match) => {
    const start = beforeBracket(code, match.index)
    const word = /([\w$#]+)\s*$/.exec(code.slice(0, start))?.[1]
    if (word === undefined || notFunctions.has(word)) return []
    return [{ start, end: afterBracket(code, match.index + match[0].length - 1) }]
  })

/** Every function of a file, by its lines. Types are blanked first, because they have arrows too. */
export const functionsOf = (path: string, text: string): Measured[] => {
  const { code } = readCode(stripTypeScriptTypes(text))
  const lineAt = (index: number) => code.slice(0, index).split('\n').length
  return [...arrows(code), ...bodies(code)].map(({ start, end }) => {
    const line = lineAt(start)
    return { path, line, lines: lineAt(end) - line + 1 }
  })
}

export const longFunctions = (functions: readonly Measured[]): Fault[] =>
  functions
    .filter(({ lines }) => lines > sizes.function)
    .map(({ path, line, lines }) => `${path}:${line}: a function of ${lines} lines; ${sizes.function} are the most`)

/** Of the functions that take more than a line: one-line callbacks would flatter the figure. */
export const medianLines = (functions: readonly Measured[]): number => {
  const lines = functions
    .map((measured) => measured.lines)
    .filter((count) => count > 1)
    .sort((a, b) => a - b)
  return lines[Math.floor(lines.length / 2)] ?? 0
}

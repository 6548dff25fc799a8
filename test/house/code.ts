/**
 * A reader of TypeScript that knows just enough of its words: what is comment, what is text, what is code. `code` has the
 * length and the lines of the source, with blanks where comments and the insides of strings, templates and regular
 * expressions were, so that a rule about code never trips over prose.
 */
export interface Reading {
  readonly code: string
  /** Every comment with its marks. */
  readonly comments: readonly string[]
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

/** After these, a slash begins a regular expression and is no division. */
const beforeRegex = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|await|throw|else|do))$/

const endOfQuoted = (source: string, start: number): number => {
  const quote = source[start]
  let at = start + 1
  while (at < source.length && source[at] !== quote && source[at] !== '\n') at += source[at] === '\\' ? 2 : 1
  return at
}

const endOfRegex = (source: string, start: number): number => {
  let at = start + 1
  let inClass = false
  while (at < source.length && source[at] !== '\n') {
    const char = source[at]
    if (char === '/' && !inClass) return at
    if (char === '[') inClass = true
    if (char === ']') inClass = false
    at += char === '\\' ? 2 : 1
  }
  return at
}

/** The end of a template's text: the closing backtick, or the `${` that opens code. */
const endOfTemplateText = (source: string, start: number): number => {
  let at = start
  while (at < source.length && source[at] !== '`' && !source.startsWith('${', at)) at += source[at] === '\\' ? 2 : 1
  return at
}

class Reader {
  readonly #source: string
  readonly comments: string[] = []
  code = ''
  #at = 0
  /** Depth of braces at which each open template goes on. */
  readonly #templates: number[] = []
  #depth = 0

  constructor(source: string) {
    this.#source = source
  }

  read(): Reading {
    while (this.#at < this.#source.length) this.#step()
    return { code: this.code, comments: this.comments }
  }

  #step(): void {
    const source = this.#source
    const char = source[this.#at] as string
    if (source.startsWith('//', this.#at)) this.#comment(source.indexOf('\n', this.#at))
    else if (source.startsWith('/*', this.#at)) this.#comment(source.indexOf('*/', this.#at) + 2)
    else if (char === "'" || char === '"') this.#text(endOfQuoted(source, this.#at))
    else if (char === '`' || (char === '}' && this.#templates.at(-1) === this.#depth)) this.#template()
    else if (char === '/' && beforeRegex.test(this.code.slice(-200).trimEnd())) this.#text(endOfRegex(source, this.#at))
    else this.#symbol(char)
  }

  #symbol(char: string): void {
    if (char === '{') this.#depth++
    if (char === '}') this.#depth--
    this.#keep(this.#at + 1)
  }

  #keep(end: number): void {
    this.code += this.#source.slice(this.#at, end)
    this.#at = end
  }

  #comment(end: number): void {
    const until = end < 2 ? this.#source.length : end
    const comment = this.#source.slice(this.#at, until)
    this.comments.push(comment)
    this.code += blank(comment)
    this.#at = until
  }

  /** Keeps the first and the last character, blanks what is between them. */
  #text(last: number): void {
    const until = Math.min(last + 1, this.#source.length)
    this.code += this.#source[this.#at] + blank(this.#source.slice(this.#at + 1, until - 1))
    if (until - 1 > this.#at) this.code += this.#source[until - 1]
    this.#at = until
  }

  /** From a backtick that opens, or a brace that returns to the text: up to the next code, or the closing backtick. */
  #template(): void {
    if (this.#source[this.#at] === '}') this.#templates.pop()
    const end = endOfTemplateText(this.#source, this.#at + 1)
    this.code += this.#source[this.#at] + blank(this.#source.slice(this.#at + 1, end))
    const opensCode = this.#source[end] === '$'
    if (opensCode) this.#templates.push(this.#depth)
    this.code += this.#source.slice(end, end + (opensCode ? 2 : 1))
    this.#at = end + (opensCode ? 2 : 1)
  }
}

export const readCode = (source: string): Reading => new Reader(source).read()

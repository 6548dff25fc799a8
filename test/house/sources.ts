/** The files that the house rules are about, as text. A rule takes these values, so that a test can feed it a bad one. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type Reading, readCode } from './code.ts'

export interface Source extends Reading {
  /** From the root of the repository, such as `src/core/state.ts`. */
  readonly path: string
  readonly text: string
}

/** One rule broken, in words: the file first. */
export type Fault = string

export const sourceOf = (path: string, text: string): Source => ({ path, text, ...readCode(text) })

export const root = join(import.meta.dirname, '..', '..')

const below = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !/(?:^|\/)(?:node_modules|dist|data)\//.test(path))
    .sort()

export const sourcesBelow = (folder: string): Source[] =>
  below(folder, '.ts').map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')))

export const textsBelow = (folder: string, ending: string): { path: string; text: string }[] =>
  below(folder, ending).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

/** In the folder itself, not below it. */
export const textsIn = (folder: string, ending: string): { path: string; text: string }[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ path: posix.join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }))

/** What holds for every page. */
import { posix } from 'node:path'
import type { Fault } from './sources.ts'

export interface Page {
  readonly path: string
  readonly text: string
}

export const untitled = ({ path, text }: Page): Fault[] =>
  /^# \S/.test(text) ? [] : [`${path}: a page begins with its title, \`# …\``]

/** Code is no prose: a bracket in it is no link. */
const withoutCode = (text: string): string => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '')

/** Links to files or folders that are not there. `exists` is asked for paths from the root. */
export const brokenLinks = ({ path, text }: Page, exists: (path: string) => boolean): Fault[] =>
  [...withoutCode(text).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)\s]*)?\)/g)].flatMap(([, link = '']) => {
    const to = posix.join(posix.dirname(path), link).replace(/\/$/, '')
    return exists(to) ? [] : [`${path}: links to ${link}, which is not there`]
  })

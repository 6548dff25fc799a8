/**
 * The web console as files, under `/console`: what it was built into, and a page that says so while it is not there.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Answer, Head, Service } from '../contract/serve.ts'

export interface ConsoleSettings {
  /** What the console was built into. */
  readonly folder: string
  /** Where a build that runs says how far it is; absent where the program came built. */
  readonly progress?: string
}

const prefix = '/console'

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
}

/** Best first. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** Scripts are files of ours alone. Styles are too, or carry the value that this one page was sent with. */
const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const common = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

const page = (body: string, status: number, headers: Readonly<Record<string, string>> = {}): Answer => {
  const nonce = randomBytes(16).toString('base64')
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    headers: { ...common, 'Content-Security-Policy': policyWith(nonce), 'Cache-Control': 'no-store', ...headers },
    body: body.replaceAll('__NONCE__', nonce),
  }
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const plainPage = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Keystead</title>
<style nonce="__NONCE__">
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 15vh auto; padding: 0 1rem }
pre { overflow-x: auto; padding: 1rem; border: 1px solid #8888; border-radius: 8px; font-size: .8125rem }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`

const mending =
  '<p>Mend it, then build it again, with <code>npm run build:console</code> or by starting the server anew. Everything else is served meanwhile.</p>'

interface Progress {
  readonly state: 'building' | 'failed'
  readonly why?: string
  readonly process: number
}

const runs = (process: number): boolean => {
  try {
    return globalThis.process.kill(process, 0)
  } catch {
    return false
  }
}

const readProgress = (path: string): Progress | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Progress
  } catch {
    return undefined
  }
}

const failed = (why: string): Answer =>
  page(plainPage('The console could not be built', `<pre>${escaped(why)}</pre>\n${mending}`), 503)

/** Says what happened to the console, and comes again by itself while it is being built. */
const withoutFiles = ({ progress }: ConsoleSettings): Answer => {
  if (progress === undefined)
    return page(plainPage('There is no console here', '<p>This package was made without it.</p>'), 404)
  const told = readProgress(progress)
  if (told?.state === 'failed') return failed(told.why ?? '')
  if (told && !runs(told.process)) return failed('The build ended before it was done.')
  if (!told) return failed('It was not built yet.')
  const waiting = '<p>It takes a minute after the first start. This page looks again by itself.</p>'
  return page(plainPage('The console is being built', waiting), 503, { Refresh: '3', 'Retry-After': '3' })
}

const notFound: Answer = { status: 404, contentType: 'text/plain', headers: common, body: 'Not found\n' }

/** No folder but one, nothing hidden, and no way upwards. */
const fileName = /^\/(?:assets\/)?[0-9A-Za-z_][0-9A-Za-z_-]*(?:\.[0-9A-Za-z_-]+)*\.(?:js|css|svg|txt)$/

const encodingFor = ({ headers }: Head): readonly [string, string] | undefined => {
  const accepted = headers['accept-encoding'] ?? ''
  return encodings.find(([name]) => accepted.split(/\s*,\s*/).includes(name))
}

/** A name with a hash in it never means other bytes. */
const cachingOf = (path: string): string =>
  path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'

const file = async (folder: string, path: string, head: Head): Promise<Answer> => {
  const encoding = encodingFor(head)
  const body = await readFile(join(folder, `${path}${encoding?.[1] ?? ''}`)).catch(() => undefined)
  if (body === undefined) return notFound
  return {
    status: 200,
    contentType: types[extname(path)] ?? 'application/octet-stream',
    headers: {
      ...common,
      'Cache-Control': cachingOf(path),
      Vary: 'Accept-Encoding',
      ...(encoding ? { 'Content-Encoding': encoding[0] } : {}),
    },
    body,
  }
}

const notAllowed: Answer = {
  status: 405,
  contentType: 'text/plain',
  headers: { ...common, Allow: 'GET, HEAD' },
  body: 'Only GET and HEAD are answered here.\n',
}

const indexIn = async (folder: string): Promise<string | undefined> =>
  readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined)

export const consolePages = (settings: ConsoleSettings): Service => {
  const { folder } = settings
  return {
    name: 'console',
    recognises: ({ path }) => path === prefix || path.startsWith(`${prefix}/`),
    async answer({ head }) {
      if (head.method !== 'GET' && head.method !== 'HEAD') return notAllowed
      const path = head.path.slice(prefix.length)
      if (fileName.test(path)) return file(folder, path, head)
      if (path.startsWith('/assets/')) return notFound
      // Every page of the console is the same file; the path says to the script which one is meant.
      const index = await indexIn(folder)
      return index === undefined ? withoutFiles(settings) : page(index, 200)
    },
  }
}

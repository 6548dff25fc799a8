/**
 * The lines of the journal (docs/spec/audit.md). A line is printable ASCII: everything else is escaped, so that no member
 * can end a line, move a terminal's cursor or turn its text around, and a byte is a character everywhere.
 */
import { hash } from 'node:crypto'
import type { AuditEntry, AuditObject } from '../../core/audit.ts'
import type { Instant } from '../../core/object.ts'

/** `prev` of the first line of a journal. */
export const genesis = '0'.repeat(64)
/** UTF-16 code units of one text member; a longer one is cut and ends in U+2026. */
export const memberMax = 512
/** Objects of one entry; what is beyond is counted by an object of kind `omitted`. */
export const objectsMax = 1000
/** No line is longer: 1,000 objects of two members with every character escaped to six bytes, and change. */
export const lineBytesMax = 8 * 1024 * 1024

const plain = /^[ !#-[\]-~]*$/
const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A JSON string in ASCII, of at most `memberMax` code units. */
export const quote = (text: string): string => {
  if (text.length <= memberMax && plain.test(text)) return `"${text}"`
  const bounded = text.length <= memberMax ? text : `${text.slice(0, memberMax - 1)}\u2026`
  return JSON.stringify(bounded).replace(/[\x7f-\uffff]/g, escapeUnit)
}

let lastInstant: Instant | undefined
let lastTime = ''
/** ISO 8601 in UTC with milliseconds. Entries of one millisecond share the text: formatting is dear on the hot path. */
const timeOf = (at: Instant): string => {
  if (at !== lastInstant) {
    lastTime = new Date(at).toISOString()
    lastInstant = at
  }
  return lastTime
}

const objectText = (object: AuditObject): string => {
  const version = object.version === undefined ? '' : `,"version":${JSON.stringify(object.version)}`
  return `{"kind":${quote(object.kind)},"id":${quote(object.id)}${version}}`
}

const objectsText = (objects: readonly AuditObject[]): string => {
  if (objects.length === 1 && objects[0]) return objectText(objects[0])
  const kept = objects.slice(0, objectsMax).map(objectText)
  if (objects.length > objectsMax) kept.push(objectText({ kind: 'omitted', id: `${objects.length - objectsMax}` }))
  return kept.join(',')
}

/**
 * What an entry adds to a line: everything after `prev`. Concatenated by hand, because this runs for every request.
 * @throws RangeError where `at` is no time.
 */
export const entryBody = (entry: AuditEntry): string => {
  const reason = entry.reason === undefined ? '' : `,"reason":${quote(entry.reason)}`
  const count = entry.count === undefined ? '' : `,"count":${JSON.stringify(entry.count)}`
  return (
    `"type":"entry","at":"${timeOf(entry.at)}","request":${quote(entry.request)},"dialect":${quote(entry.dialect)},` +
    `"action":${quote(entry.action)},"region":${quote(entry.region)},"account":${quote(entry.account)},` +
    `"principal":${quote(entry.principal)},"credential":${quote(entry.credential)},"source":${quote(entry.source)},` +
    `"objects":[${objectsText(entry.objects)}],"outcome":${quote(entry.outcome)}${reason}${count}}`
  )
}

/** Ends a part: `entries` is how many lines of type `entry` it has. */
export const closeBody = (now: Instant, entries: number): string =>
  `"type":"close","at":"${timeOf(now)}","entries":${entries}}`

export interface Cut {
  readonly bytes: number
  /** Of the bytes that were cut, lower hex. */
  readonly sha256: string
}

/** Bytes were cut from the end of a part: at open (`tornLine`), or after a write or flush failed (`fault`). */
export const noteBody = (now: Instant, note: 'tornLine' | 'fault', cut: Cut): string =>
  `"type":"note","at":"${timeOf(now)}","note":"${note}","bytes":${cut.bytes},"sha256":"${cut.sha256}"}`

/** A whole line, without its newline. */
export const lineOf = (seq: number, prev: string, body: string): string => `{"seq":${seq},"prev":"${prev}",${body}`

export const hashOf = (line: string | Uint8Array): string => hash('sha256', line, 'hex')

/** What a line says beside its place in the chain: from `type` on. */
export const bodyOf = (line: string): string => line.slice(line.indexOf(',"type":'))

export interface Head {
  readonly seq: number
  readonly prev: string
  readonly type: 'entry' | 'close' | 'note'
  readonly at: string
}

const headPattern =
  /^\{"seq":([1-9]\d{0,15}),"prev":"([0-9a-f]{64})","type":"(entry|close|note)","at":"([-+0-9T:.]+Z)",[ -~]*\}$/

/** The members that every line has, or undefined where this is no line of a journal. */
export const headOf = (line: string): Head | undefined => {
  const match = headPattern.exec(line)
  if (!match) return undefined
  const [, seq, prev = '', type, at = ''] = match
  return { seq: Number(seq), prev, type: type as Head['type'], at }
}

/** The page of the identity service that clients of the Huawei dialect need. */
import { type Action, variantsOf } from '../../src/contract/action.ts'
import { calls, tokenActions } from '../../src/dialects/huawei/iam/calls.ts'
import { codes } from '../../src/dialects/huawei/iam/codes.ts'
import { code, generatedNote, page, table } from './markdown.ts'
import { membersOf } from './members.ts'

type Row = (typeof calls)[number]

/** The three ways to ask for a token are calls of their own. */
const rows: readonly Row[] = calls.flatMap((row) =>
  row.action === tokenActions.password ? Object.values(tokenActions).map((action): Row => ({ ...row, action })) : [row],
)

const permission = (action: Action<string>): string => {
  if (action.notice) return 'anybody'
  const words = new Set(variantsOf(action).flatMap(({ rights }) => Object.values(rights)))
  return words.size === 0 ? 'every user' : [...words].map(code).join(', ')
}

const callRow = ({ method, path, status, action }: Row): string[] => [
  code(`${method} ${path}`),
  action.name,
  String(status),
  action.summary,
  permission(action as Action<string>),
  action.evidence.grade,
]

const memberRows = ({ action }: Row): string[][] =>
  membersOf(action.request).map(({ name, type, required, bounds, description, sensitive }) => [
    action.name,
    code(name),
    type,
    required ? 'yes' : '',
    bounds,
    sensitive ? `${description} Never logged.`.trim() : description,
  ])

const who = `## Who is who

An account and a user are the same for both clouds, and known by other names:

| | Tencent Cloud | Huawei Cloud | Commands |
| --- | --- | --- | --- |
| Account | \`uin\` of its root, \`appId\` | \`domain_id\` (32 hex digits), \`domain_name\` | number or name |
| User | \`uin\` | \`user_id\` (32 hex digits), \`name\` | number or name |
| Role | \`roleName/<name>\` | agency, by its name | \`keystead role\` |
| Access key | \`SecretId\` | \`access\` | \`keystead access-key\` |

A user may hold access keys of both; each belongs to one cloud. \`GET /v5/caller-identity\` tells the ids here,
GetCallerIdentity those of the other cloud. A project is a region of an account: \`GET /v3/projects?name=<region>\` gives
exactly one.`

const errors = `## Errors

\`{"error":{"code":401,"message":"…","title":"Unauthorized"}}\`, with \`error_code\` and \`error_msg\` beside and at the
top level as text, and \`X-IAM-Trace-Id\` and \`X-Request-Id\` in the headers.`

export const identityPage = (): string =>
  page(
    '# The identity service of Huawei Cloud',
    'Clients of KMS look up their project here, sign in, and look after access keys. It is the same server, told apart by the path, and by a host that begins with `iam.` for `/`. [What differs from the cloud](../../src/dialects/huawei/evidence.md).',
    `## Calls\n\n${table(['Call', 'Name', 'Status', 'What it does', 'Permission', 'Evidence'], rows.map(callRow))}`,
    who,
    `## Members\n\n${table(['Call', 'Member', 'Type', 'Required', 'Bounds', 'Meaning'], rows.flatMap(memberRows))}`,
    `${errors}\n\n${table(
      ['Status', 'Title', 'Message'],
      Object.values(codes).map(([status, title, message]) => [String(status), title, message]),
    )}`,
    generatedNote,
  )

import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { validatePolicy } from '../../../core/operations/simulate.ts'
import { action } from '../action.ts'
import { languageName } from '../fields.ts'

export const PolicyValidate = action({
  name: 'policy-validate',
  rights: {},
  summary: 'Tell whether a document is a policy of a language, and where it stops being one.',
  evidence: inferred('ours'),
  request: { language: languageName, document: text({ bytesMax: 65_536 }) },
  response: { valid: z.boolean(), faults: z.array(z.object({ path: z.string(), message: z.string() })) },
  operation: validatePolicy,
  toCore: ({ language, document }) => ({ language, document }),
  fromCore({ fault }) {
    if (fault === null) return { valid: true, faults: [] }
    const [, path = '', message = fault] = /^([^\s:]+(?: \d+)?): (.+)$/s.exec(fault) ?? []
    return { valid: false, faults: [{ path, message }] }
  },
})

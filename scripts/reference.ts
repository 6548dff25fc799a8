/**
 * `npm run reference`: writes docs/reference/ from the declarations in src/, and removes what is no longer there; and the types
 * of the same actions for the console.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { clientTypes } from './reference/client-types.ts'
import { openApiText } from './reference/native.ts'
import { referencePages } from './reference/pages.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'reference')

rmSync(folder, { recursive: true, force: true })
const pages = referencePages()
for (const [path, text] of pages) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
const openApi = openApiText()
writeFileSync(join(folder, 'openapi.json'), openApi)
writeFileSync(join(folder, '..', '..', 'console', 'src', 'api', 'openapi.ts'), clientTypes(JSON.parse(openApi)))
process.stdout.write(`docs/reference: ${pages.size} pages written\n`)

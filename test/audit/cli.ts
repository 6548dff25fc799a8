/** The audit command as a program of its own. */
import { auditCommand } from '../../src/cli/audit.ts'

await auditCommand().parseAsync(process.argv)

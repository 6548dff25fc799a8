/** What every key version seals at birth. Public: it proves that the material still opens what it once sealed. */
import { utf8 } from './bytes.ts'

export const canaryPlaintext: Uint8Array = utf8('keystead canary: this version still opens what it sealed')

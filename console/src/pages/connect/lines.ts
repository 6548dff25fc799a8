/** What to paste for each client, filled with where this server is; docs/guides/clients.md has the same lines. */
import { huaweiLines } from './huawei.ts'
import { tencentLines } from './tencent.ts'

export type Cloud = 'tencent' | 'huawei'

export interface Filled {
  /** Such as `https://kms.example.internal:7800`. */
  readonly endpoint: string
  readonly region: string
  readonly keyId: string
}

export interface Line {
  readonly what: 'install' | 'environment' | 'program' | 'command' | 'file'
  readonly code: string
}

export type Lines = Readonly<Record<string, readonly Line[]>>

export const clients = [
  { id: 'node', name: 'Node' },
  { id: 'python', name: 'Python' },
  { id: 'go', name: 'Go' },
  { id: 'java', name: 'Java' },
  { id: 'tccli', name: 'tccli' },
  { id: 'koocli', name: 'KooCLI' },
  { id: 'terraform', name: 'Terraform' },
  { id: 'sops', name: 'SOPS' },
] as const

export const linesFor = (cloud: Cloud, filled: Filled): Lines =>
  cloud === 'tencent' ? tencentLines(filled) : huaweiLines(filled)

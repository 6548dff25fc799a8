/**
 * The places of an installation. A city is one place whatever a cloud calls it, so a key made through either API is in
 * the same place; where a cloud has no region in the city, its dialect does not know the place.
 */
import { readFileSync } from 'node:fs'
import { z } from './contract/schema.ts'
import type { Region } from './core/house.ts'
import { namesOf } from './crypto/algorithms.ts'

const asymmetricFamilies = ['rsa', 'ec', 'edwards', 'sm2', 'mlKem', 'mlDsa'] as const

const row = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens'),
  suite: z.enum(['aes', 'sm']).default('aes'),
  asymmetric: z.array(z.enum(namesOf(asymmetricFamilies))).optional(),
  tencent: z.string().min(1).max(64).optional(),
  huawei: z.string().min(1).max(64).optional(),
})
type Row = z.input<typeof row>

/** Both clouds' documented regions, paired by city; all with AES-256. */
const documented: readonly Row[] = [
  { id: 'guangzhou', tencent: 'ap-guangzhou', huawei: 'cn-south-1' },
  { id: 'guangzhou-open', tencent: 'ap-guangzhou-open', huawei: 'cn-south-4' },
  { id: 'shenzhen', tencent: 'ap-shenzhen-fsi', huawei: 'cn-south-2' },
  { id: 'shanghai', tencent: 'ap-shanghai', huawei: 'cn-east-3' },
  { id: 'shanghai-2', tencent: 'ap-shanghai-fsi', huawei: 'cn-east-2' },
  { id: 'beijing', tencent: 'ap-beijing', huawei: 'cn-north-4' },
  { id: 'beijing-1', huawei: 'cn-north-1' },
  { id: 'beijing-2', huawei: 'cn-north-2' },
  { id: 'beijing-7', huawei: 'cn-north-7' },
  { id: 'ulanqab', huawei: 'cn-north-9' },
  { id: 'nanjing', tencent: 'ap-nanjing' },
  { id: 'qingdao', huawei: 'cn-east-5' },
  { id: 'chengdu', tencent: 'ap-chengdu' },
  { id: 'chongqing', tencent: 'ap-chongqing' },
  { id: 'guiyang', huawei: 'cn-southwest-2' },
  { id: 'hongkong', tencent: 'ap-hongkong', huawei: 'ap-southeast-1' },
  { id: 'taipei', tencent: 'ap-taipei' },
  { id: 'bangkok', tencent: 'ap-bangkok', huawei: 'ap-southeast-2' },
  { id: 'singapore', tencent: 'ap-singapore', huawei: 'ap-southeast-3' },
  { id: 'jakarta', tencent: 'ap-jakarta', huawei: 'ap-southeast-4' },
  { id: 'manila', huawei: 'ap-southeast-5' },
  { id: 'mumbai', tencent: 'ap-mumbai' },
  { id: 'seoul', tencent: 'ap-seoul' },
  { id: 'tokyo', tencent: 'ap-tokyo' },
  { id: 'frankfurt', tencent: 'eu-frankfurt' },
  { id: 'moscow', tencent: 'eu-moscow' },
  { id: 'dublin', huawei: 'eu-west-101' },
  { id: 'istanbul', huawei: 'tr-west-1' },
  { id: 'riyadh', huawei: 'me-east-1' },
  { id: 'cairo', huawei: 'af-north-1' },
  { id: 'johannesburg', huawei: 'af-south-1' },
  { id: 'ashburn', tencent: 'na-ashburn' },
  { id: 'siliconvalley', tencent: 'na-siliconvalley' },
  { id: 'toronto', tencent: 'na-toronto' },
  { id: 'mexico-city', huawei: 'na-mexico-1' },
  { id: 'mexico-city-2', huawei: 'la-north-2' },
  { id: 'sao-paulo', tencent: 'sa-saopaulo', huawei: 'sa-brazil-1' },
  { id: 'santiago', huawei: 'la-south-2' },
]

const algorithms = { aes: 'aes-256', sm: 'sm4' } as const

/** A row as the core sees it: its place, its algorithm, and a name for each dialect. */
const regionOf = ({ id, suite, asymmetric, ...names }: z.output<typeof row>): Region => ({
  id,
  algorithm: algorithms[suite],
  ...(asymmetric ? { asymmetric } : {}),
  names: Object.fromEntries(Object.entries(names).filter((name): name is [string, string] => name[1] !== undefined)),
})

const distinct = (rows: readonly Row[]): boolean =>
  (['id', 'tencent', 'huawei'] as const).every((member) => {
    const values = rows.flatMap((one) => one[member] ?? [])
    return new Set(values).size === values.length
  })

const table = z.array(row).min(1).refine(distinct, 'no id and no name of a dialect may stand twice')

/**
 * The configured table: a JSON file of rows `{"id","suite","asymmetric","tencent","huawei"}`, or the documented regions without one.
 * `suite` is `aes` (when absent) or `sm`, which makes SM4 keys and takes 16-byte imports. `asymmetric` lists the
 * algorithms that keys may be made with there; absent for all of them. Throws a sentence that names
 * the file and what is wrong with it.
 */
export const readRegions = (file: string | undefined): readonly Region[] => {
  if (file === undefined) return table.parse(documented).map(regionOf)
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new Error(`${file}: the regions file cannot be read as JSON.`)
  }
  const read = table.safeParse(value)
  if (read.success) return read.data.map(regionOf)
  const [issue] = read.error.issues
  throw new Error(`${file}: the regions file is wrong at ${issue?.path.join('.') || 'the top'}: ${issue?.message}.`)
}

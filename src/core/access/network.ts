/** Addresses and networks of conditions: IPv4, IPv6 and CIDR notation, read strictly. An address is a network of one. */

export interface Network {
  /** An IPv4-mapped IPv6 address is the IPv4 address that it stands for. */
  readonly family: 4 | 6
  readonly value: bigint
  /** How many leading bits count. */
  readonly prefix: number
}

const widths = { 4: 32, 6: 128 } as const

// No leading zeros: some readers take 010 for octal, and then a network is not where its author thinks.
const octet = /^(?:0|[1-9]\d{0,2})$/

const readIpv4 = (text: string): bigint | undefined => {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => octet.test(part) && Number(part) <= 255)) return undefined
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

const group = /^[0-9a-f]{1,4}$/i
const ipv4Tail = /^(.*:)([\d.]+\.[\d.]+)$/

/** The last two groups may be written as an IPv4 address (RFC 4291, section 2.2). */
const withoutIpv4Tail = (text: string): string | undefined => {
  const [, head, tail] = ipv4Tail.exec(text) ?? []
  if (head === undefined || tail === undefined) return text
  const value = readIpv4(tail)
  return value === undefined ? undefined : `${head}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
}

const readIpv6 = (written: string): bigint | undefined => {
  const text = withoutIpv4Tail(written)
  if (text === undefined) return undefined
  const [head = [], tail, ...rest] = text.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const groups = [...head, ...(tail ?? [])]
  if (rest.length > 0 || !groups.every((each) => group.test(each))) return undefined
  const missing = 8 - groups.length
  if (tail ? missing < 1 : missing !== 0) return undefined
  const all = [...head, ...Array<string>(missing).fill('0'), ...(tail ?? [])]
  return all.reduce((value, each) => (value << 16n) | BigInt(`0x${each}`), 0n)
}

const networkOf = (text: string, prefix?: number): Network | undefined => {
  const ipv4 = readIpv4(text)
  if (ipv4 !== undefined) return { family: 4, value: ipv4, prefix: prefix ?? widths[4] }
  const ipv6 = readIpv6(text)
  if (ipv6 === undefined) return undefined
  const bits = prefix ?? widths[6]
  if (ipv6 >> 32n === 0xffffn && bits >= 96) return { family: 4, value: ipv6 & 0xffffffffn, prefix: bits - 96 }
  return { family: 6, value: ipv6, prefix: bits }
}

/** undefined for anything but an address or a network in CIDR notation; bits beyond the prefix do not count. */
export const readNetwork = (text: string): Network | undefined => {
  const [address = '', bits, ...rest] = text.split('/')
  if (rest.length > 0 || (bits !== undefined && !octet.test(bits))) return undefined
  const network = networkOf(address, bits === undefined ? undefined : Number(bits))
  return network && network.prefix <= widths[network.family] ? network : undefined
}

/** An address as a socket or a proxy gives it, with or without the zone of a link-local one. */
export const readAddress = (text: string): Network | undefined => networkOf(text.replace(/%.*$/s, ''))

export const isWithin = (address: Network, { family, value, prefix }: Network): boolean => {
  const beyond = BigInt(widths[family] - prefix)
  return address.family === family && address.value >> beyond === value >> beyond
}

import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

const prefixForm = /^\d{1,3}$/

/** Proxies whose X-Forwarded-For is believed. Throws for what is not exactly an address or a network in CIDR notation. */
export const trustedProxies = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix, ...rest] = network.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    const bitsMax = family === 'ipv4' ? 32 : 128
    // Not by Number alone: to it, the prefix that is missing from `10.0.0.0/` is 0, which would trust everybody.
    const bits = prefix === undefined ? bitsMax : prefixForm.test(prefix) ? Number(prefix) : Number.NaN
    if (!isIP(address) || rest.length > 0 || !(bits <= bitsMax))
      throw new Error(`--trusted-proxy ${network}: not a network; write it like 10.0.0.0/8.`)
    list.addSubnet(address, bits, family)
  }
  return list
}

const isIn = (list: BlockList, address: string): boolean => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

/** An IPv4 address as itself, also where the socket speaks IPv6. */
const plain = (address: string): string =>
  address.startsWith('::ffff:') ? address.replace(/^::ffff:(?=\d+\.)/, '') : address

/** Whether the client speaks TLS: to this server, or to a trusted proxy, which says so in X-Forwarded-Proto. */
export const isSecure = (
  encrypted: boolean,
  remote: string | undefined,
  proto: string | undefined,
  trusted: BlockList,
): boolean => {
  const peer = plain(remote ?? '')
  return encrypted || (proto === 'https' && peer !== '' && isIn(trusted, peer))
}

/**
 * Who sent the request: the socket's other end, or, behind trusted proxies, the last address in X-Forwarded-For that is
 * none of them. Everything left of that address is the client's own claim.
 */
export const sourceOf = (remote: string | undefined, forwarded: string | undefined, trusted: BlockList): string => {
  const peer = plain(remote ?? '')
  if (forwarded === undefined || peer === '' || !isIn(trusted, peer)) return peer
  const hops = forwarded.split(',').map((hop) => plain(hop.trim()))
  for (const hop of hops.reverse()) {
    if (!isIPv4(hop) && !isIPv6(hop)) return peer
    if (!isIn(trusted, hop)) return hop
  }
  return peer
}

import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Proxies whose X-Forwarded-For is believed. */
export const trustedProxies = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined
    const bits = prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix)
    if (!family || !Number.isInteger(bits)) throw new Error(`${network}: not a network; write it like 10.0.0.0/8`)
    list.addSubnet(address, bits, family)
  }
  return list
}

const isIn = (list: BlockList, address: string): boolean => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

/** An IPv4 address as itself, also where the socket speaks IPv6. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '')

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

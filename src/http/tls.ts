import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Server } from 'node:https'
import { createSecureContext, type SecureContextOptions } from 'node:tls'

export interface TlsFiles {
  readonly certificate: string
  readonly key: string
}

/**
 * PEM chain and key from their files, which were tried together. TLS 1.2 or later (NIST SP 800-52 revision 2). Throws
 * one sentence where they cannot be used.
 */
export const readTls = ({ certificate, key }: TlsFiles): SecureContextOptions => {
  try {
    const options = { cert: readFileSync(certificate), key: readFileSync(key), minVersion: 'TLSv1.2' } as const
    createSecureContext(options)
    return options
  } catch (cause) {
    const { message } = cause as Error
    throw new Error(`TLS certificate ${certificate} and key ${key} cannot be used: ${message}.`, { cause })
  }
}

/** How often the files are looked at, ms: a renewed certificate is in use within this time. */
const lookMs = 2000

/**
 * Puts a renewed certificate to use for new connections. The pair is read as a whole: while the two files do not fit
 * each other, as between two renames, the one in use stays and `onFault` hears of it. Returns how to stop following.
 */
export const followTls = (files: TlsFiles, server: Server, onFault: (error: unknown) => void): (() => void) => {
  const reload = () => {
    try {
      server.setSecureContext(readTls(files))
    } catch (error) {
      onFault(error)
    }
  }
  const paths = [files.certificate, files.key]
  for (const path of paths) watchFile(path, { interval: lookMs, persistent: false }, reload)
  return () => {
    for (const path of paths) unwatchFile(path, reload)
  }
}

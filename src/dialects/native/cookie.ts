/** The cookie that a console keeps its session in: out of reach of scripts, and never sent along by other sites. */
export const cookieName = 'keystead_session'

export const cookieIn = (header: string | undefined): string | undefined => {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === cookieName) return pair.slice(at + 1).trim()
  }
  return undefined
}

export const setCookie = (value: string, seconds: number, secure: boolean): { readonly 'Set-Cookie': string } => ({
  'Set-Cookie': `${cookieName}=${value}; Path=/api; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`,
})

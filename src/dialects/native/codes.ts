/** The error codes of Keystead's own API: the `type` of a problem (RFC 9457), and the status that goes with it. */
export const statuses = {
  invalidRequest: 400,
  permissionDenied: 403,
  notFound: 404,
  conflict: 409,
  unsupported: 422,
  tooManyRequests: 429,
  internal: 500,
  unavailable: 503,
} as const

export type Code = keyof typeof statuses

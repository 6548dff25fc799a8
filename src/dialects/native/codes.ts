/** The error codes of Keystead's own API: the `type` of a problem (RFC 9457), its title and the status that goes with it. */
export const codes = {
  invalidRequest: [400, 'The request is not rightly formed'],
  unauthenticated: [401, 'Nobody is signed in'],
  permissionDenied: [403, 'Not allowed'],
  notFound: [404, 'Not found'],
  conflict: [409, 'The state of an object stands in the way'],
  preconditionFailed: [412, 'The object has changed'],
  unsupported: [422, 'It cannot be done with this'],
  tooManyRequests: [429, 'Too many requests'],
  internal: [500, 'A fault on our side'],
  unavailable: [503, 'Nobody is answered now'],
} as const

export type Code = keyof typeof codes

/** What the identity service answers when it refuses: its codes are HTTP statuses, and the message tells them apart. */
export const codes = {
  badBody: [400, 'Bad Request', 'The request body is invalid'],
  badRequest: [400, 'Bad Request', 'The request is invalid'],
  secondFactor: [400, 'Bad Request', 'Multi-factor authentication is not available here'],
  noProvider: [400, 'Bad Request', 'No identity provider is configured'],
  unauthorized: [401, 'Unauthorized', 'The request you have made requires authentication.'],
  wrongPassword: [401, 'Unauthorized', 'The username or password is wrong.'],
  unknownScope: [401, 'Unauthorized', 'The scope is none that the user may have.'],
  forbidden: [403, 'Forbidden', 'You are not authorized to perform the requested action.'],
  notFound: [404, 'Not Found', 'The requested resource could not be found.'],
  wrongMethod: [405, 'Method Not Allowed', 'The method is not allowed for the requested URL.'],
  conflict: [409, 'Conflict', 'Another change was faster.'],
  tooLarge: [413, 'Request Entity Too Large', 'The request is too large.'],
  tooMany: [429, 'Too Many Requests', 'Too many requests.'],
  internal: [500, 'Internal Server Error', 'An unexpected error prevented the server from fulfilling your request.'],
  busy: [503, 'Service Unavailable', 'The service is busy.'],
} as const satisfies Record<string, readonly [status: number, title: string, message: string]>

export type IamCode = keyof typeof codes

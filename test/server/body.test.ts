import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { Disconnected } from '../../src/contract/serve.ts'
import { readBody } from '../../src/http/body.ts'

test('a body whose client went away before it was asked for is not waited for', { timeout: 2000 }, async () => {
  const request = new IncomingMessage(new Socket())
  const gone = new Promise((resolve) => request.once('close', resolve))
  request.destroy()
  await gone
  await expect(readBody(request, 100_000, async () => true)).rejects.toBeInstanceOf(Disconnected)
})

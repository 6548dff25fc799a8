/** The floor: a bare node:http server that reads the request and answers the same bytes. */
import { createServer } from 'node:http'

let body = '{}'
const server = createServer((request, response) => {
  request.on('data', () => {})
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
    response.end(body)
  })
})
process.on('message', (answer: string) => {
  body = answer
  process.send?.('ready')
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: address && typeof address === 'object' ? address.port : 0 })
})
// Whoever started it is gone.
process.on('disconnect', () => process.exit(1))

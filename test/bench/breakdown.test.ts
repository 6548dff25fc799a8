import { expect, test } from 'vitest'
import { sharesOf } from '../../bench/breakdown.ts'

const frame = (functionName: string, url = '') => ({ callFrame: { functionName, url } })

test('time belongs to the innermost stage that it was spent in, and all of it to one', () => {
  const nodes = [
    { id: 1, ...frame('(root)'), children: [2, 6] },
    { id: 2, ...frame('answer', 'file:///k/src/contract/serve.ts'), children: [3, 5] },
    { id: 3, ...frame('seal', 'file:///k/src/core/ciphertext.ts'), children: [4] },
    { id: 4, ...frame('update', 'node:internal/crypto/cipher') },
    { id: 5, ...frame('write', 'node:net') },
    { id: 6, ...frame('(idle)') },
  ]
  const shares = sharesOf({ nodes, samples: [2, 6, 4, 5, 2], timeDeltas: [900, 50, 20, 30, 50] }, 0.00015)
  expect(Object.fromEntries(shares)).toEqual({
    'ciphertext: header, salt, context': 0.2,
    'node:http, sockets, promises': 0.3,
    'the way: contract, perform, operations': 0.5,
  })
})

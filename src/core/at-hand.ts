/** Goes on at once with a value that is at hand: every wait that is none costs a request a turn. */
export const onceAtHand = <A, B>(value: A | Promise<A>, next: (value: A) => B | Promise<B>): B | Promise<B> =>
  value instanceof Promise ? value.then(next) : next(value)

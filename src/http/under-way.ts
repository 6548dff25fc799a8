/**
 * The requests that are not answered yet, in places that are taken and given back.
 *
 * Why not a Map: when its table is full of what was deleted, V8 makes a new one, and the old one goes on pointing to it
 * and to the entries of that moment. Once an old table has reached the old generation, everything that its successors ever
 * held is kept for the next full collection, request by request, for the life of the process (measured: a quarter of the
 * time of a call).
 */
import type { ServerResponse } from 'node:http'

export interface Place {
  response: ServerResponse | undefined
  /** By `performance.now()`. */
  started: number
}

export class UnderWay {
  readonly #places: Place[] = []
  readonly #free: Place[] = []

  /** What ends it again. */
  begin(response: ServerResponse): Place {
    const place = this.#free.pop() ?? this.#newPlace()
    place.response = response
    place.started = performance.now()
    return place
  }

  end(place: Place): void {
    place.response = undefined
    this.#free.push(place)
  }

  /** The responses whose requests came before a time; all of them without one. */
  *before(time = Number.POSITIVE_INFINITY): Generator<ServerResponse> {
    for (const { response, started } of this.#places) if (response && started <= time) yield response
  }

  /** As many as there ever were at once. */
  #newPlace(): Place {
    const place = { response: undefined, started: 0 }
    this.#places.push(place)
    return place
  }
}

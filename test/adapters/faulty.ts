import type { Driver } from 'kysely'
import type { Fault } from './store.contract.ts'

/** A driver whose COMMIT goes wrong. */
export const faulty = (driver: Driver, fault: Fault): Driver =>
  new Proxy(driver, {
    get: (target, member: keyof Driver) => {
      if (member !== 'commitTransaction') return (target[member] as (...args: never[]) => unknown)?.bind(target)
      return async (connection: Parameters<Driver['commitTransaction']>[0]) => {
        if (fault === 'kept') await target.commitTransaction(connection)
        throw new Error('the disk said no')
      }
    },
  })

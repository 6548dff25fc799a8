/**
 * The program that tests start as a process: built as it is published, once before they begin. It starts in less than half
 * of the time that the sources take, and the tests start it some hundred times.
 */
import { join } from 'node:path'

/** Beside dist/, which has its own tests that make it anew. */
export const builtProgram = join(import.meta.dirname, '../../.built')

import * as assert from 'uvu/assert'

/** uvu's `assert.throws` for promises: the error's message must match; returns the error. */
export async function rejects(promise: Promise<unknown>, message: RegExp | string): Promise<Error> {
  const error = await promise.then(
    () => assert.unreachable(`expected a rejection matching ${message}`),
    (reason: unknown) => reason,
  )
  assert.instance(error, Error)
  assert.match((error as Error).message, message)
  return error as Error
}

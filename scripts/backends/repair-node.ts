import util from 'node:util'

interface OldUtil {
  isNullOrUndefined?: (value: unknown) => boolean
  isArray?: (value: unknown) => boolean
}

/**
 * Gives Node back what tfjs-node 4.22.0 calls: `util.isNullOrUndefined`, which Node 23 removed
 * (https://github.com/tensorflow/tfjs/issues/8609), and `util.isArray`, which will go the same way.
 * Both are replaced where they are still there, too, because Node 22 warns of each call. Must run
 * before tfjs-node is loaded.
 */
export function repairNode(): void {
  const old = util as OldUtil
  old.isNullOrUndefined = (value) => value === null || value === undefined
  old.isArray = Array.isArray
}

import {existsSync} from 'node:fs'
import {writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {lastLine, type Outcome, runTool} from './run-tool.js'
import type {Tools} from './tools.js'

/**
 * Builds the addon of a tfjs-node package from the source that it ships, with node-gyp.
 *
 * @throws with the compiler's first error, or what was missing; the package's build.log has it all
 */
export async function buildAddon(
  packageFolder: string,
  {compiler}: Tools,
  signal: AbortSignal,
): Promise<void> {
  // npm exec hands npm's own configuration to node-gyp, which looks for `nodedir` there.
  const args = ['exec', '--', 'node-pre-gyp', 'install', '--build-from-source']
  const env = {CXX: compiler, ...nodeHeaders()}
  const built = await runTool('npm', args, {cwd: packageFolder, env, signal})
  if (built.succeeded) return
  const log = join(packageFolder, 'build.log')
  await writeFile(log, built.output)
  throw new Error(`build: ${explain(built)}; ${log} has the rest`)
}

/** Node's headers where they lie beside Node: node-gyp would fetch them from Node's site. */
function nodeHeaders(): Record<string, string> {
  const prefix = dirname(dirname(process.execPath))
  const there = existsSync(join(prefix, 'include/node/node_api.h'))
  return there && !process.env.npm_config_nodedir ? {npm_config_nodedir: prefix} : {}
}

function explain(built: Outcome): string {
  const {output} = built
  if (/could not determine executable|node-pre-gyp: not found|canceled/.test(output)) {
    return 'expected @mapbox/node-pre-gyp beside the package, got none; remove node_modules, install again and repeat this'
  }
  if (/gyp.*(headers|node-v[\d.]+)/.test(output) && /ENOTFOUND|ECONN|ETIMEDOUT|40\d/.test(output)) {
    return `the headers of Node ${process.version} could not be fetched; install them (Debian, Ubuntu: libnode-dev) and set npm_config_nodedir to the folder that holds include/node`
  }
  if (/Could not find any Python/i.test(output)) {
    return 'node-gyp expected Python 3.8 or later; install it and run this again'
  }
  const error = output.split('\n').find((line) => /\b(fatal )?error: /.test(line))
  return error?.trim() ?? lastLine(built)
}

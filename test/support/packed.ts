import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const leftOut = new Set(['.git', 'node_modules', 'dist', 'results', 'coverage'])

/** Builds and packs a copy of the project inside `folder`, so that this one's dist/ stays as it is; the tarball's path. */
export function packProject(folder: string): string {
  const copy = join(folder, 'project')
  const isWanted = (path: string) => dirname(path) !== root || !leftOut.has(basename(path))
  cpSync(root, copy, {recursive: true, filter: isWanted})
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  // a linked node_modules is as good as one's own only where the link is not followed
  execute('npm', ['run', 'build', '--', '--preserveSymlinks'], copy)
  execute('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], copy)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (!tarball) throw new Error(`npm pack left no tarball in ${folder}`)
  return join(folder, tarball)
}

/**
 * A project in which the tarball lies as npm would unpack it, beside the dependencies it declares and nothing else: an
 * import of anything undeclared fails.
 */
export function unpackedConsumer(folder: string, tarball: string): string {
  const consumer = join(folder, 'consumer')
  const modules = join(consumer, 'node_modules')
  const unpacked = join(modules, 'tfjs-linear-regions')
  mkdirSync(unpacked, {recursive: true})
  execute('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'], folder)
  const {dependencies} = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))
  for (const name of [...Object.keys(dependencies), '@tensorflow/tfjs']) {
    mkdirSync(dirname(join(modules, name)), {recursive: true})
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  writeFileSync(join(consumer, 'package.json'), '{"type": "module", "private": true}')
  return consumer
}

/** What `tsc` finds wrong in the consumer's own files and in the packed types; other packages' types are their own. */
export function typeErrors(consumer: string): string[] {
  return run(tool('tsc'), ['-p', 'tsconfig.json'], consumer)
    .stdout.split('\n')
    .filter((line) => /^(consumer\.ts|node_modules\/tfjs-linear-regions\/|error)/.test(line))
}

/** Runs a command without standard input and returns what it wrote; throws with all of it where it fails. */
export function execute(command: string, args: readonly string[], cwd: string): string {
  const {status, stdout, stderr} = run(command, args, cwd)
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')}: exit code ${status}\n${stdout}\n${stderr}`)
}

function run(command: string, args: readonly string[], cwd: string) {
  const result = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      // `npm test --silent` would hide why an npm in a test failed
      npm_config_loglevel: 'notice',
      // `npm run` hands this project's own settings on; a user's project has none of them
      npm_config_strict_allow_scripts: 'false',
    },
  })
  if (result.error) throw result.error
  return result
}

/** A tool of this project's own, such as tsc or publint. */
export function tool(name: string): string {
  return join(root, 'node_modules/.bin', name)
}

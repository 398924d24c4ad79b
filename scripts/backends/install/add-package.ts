import {type Installed, packageAt} from '../resolve.js'
import {otherPackageManager} from './project.js'
import {runTool} from './run-tool.js'

/** npm takes out of node_modules what no package.json names and this call does not name either. */
const optionalPackages = [
  '@tensorflow/tfjs-node-gpu',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-backend-webgpu',
  'webgpu',
]

/**
 * Adds an npm package to a project's node_modules without its install script, and leaves
 * package.json as it is. Nothing is done where that version is there.
 *
 * @throws where npm fails, or another package manager looks after the project
 */
export async function addPackage(
  name: string,
  version: string,
  project: string,
  signal: AbortSignal,
): Promise<Installed> {
  const had = packageAt(project, name)
  if (had?.version === version) return had
  const other = otherPackageManager(project)
  if (other !== undefined) {
    throw new Error(
      `npm: expected to look after ${project}, but another package manager does; run \`${other} ${name}@${version}\`, then this again`,
    )
  }
  const kept = optionalPackages.flatMap((each) => {
    const version = packageAt(project, each)?.version
    return each === name || version === undefined ? [] : [`${each}@${version}`]
  })
  // The package is an optional peer of ours: only --save-optional makes npm look for it.
  const flags = ['--no-save', '--save-optional', '--ignore-scripts', '--no-audit', '--no-fund']
  const npm = await runTool('npm', ['install', ...flags, `${name}@${version}`, ...kept], {
    cwd: project,
    signal,
  })
  const added = packageAt(project, name)
  if (npm.succeeded && added?.version === version) return added
  const lines = npm.output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line))
  const why = lines.map((line) => line.replace(/^npm (error|ERR!) ?/, '')).find(Boolean)
  throw new Error(
    `npm: expected to add ${name}@${version} to ${project}, got "${why ?? 'nothing added'}"; \`npm install ${flags.slice(0, 3).join(' ')} ${name}@${version}\` there shows more`,
  )
}

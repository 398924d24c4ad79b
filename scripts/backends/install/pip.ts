import {mkdir, readdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {type Host, wheelPlatforms} from './host.js'
import {lastLine, type Outcome, runTool} from './run-tool.js'
import {tellSize} from './tell-size.js'

// The wheels differ only in their Python parts, which nobody needs here; of this Python there is
// one in every release that has the C++ library.
const pythonVersion = '3.11'

const unpack = `
import os, sys, zipfile
wheel, folder, *starts = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        if not member.filename.startswith(tuple(starts)): continue
        path = archive.extract(member, folder)
        # CUDA's own programs stay executable: extract() leaves that out.
        if member.external_attr >> 16 & 0o100: os.chmod(path, 0o755)
`

export interface Fetching {
  readonly host: Host
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Downloads one wheel with pip, which checks its hash, and unpacks the members that begin with one
 * of `starts` into `folder`. The wheel itself is not kept.
 *
 * @param requirement as pip takes it, `tensorflow-cpu==2.21.0`
 * @throws with the reason that pip gave, and what to do
 */
export async function unpackWheel(
  requirement: string,
  starts: readonly string[],
  folder: string,
  {host, signal, say}: Fetching,
): Promise<void> {
  const download = join(folder, 'download')
  const temporary = join(folder, 'temporary')
  for (const each of [download, temporary]) await mkdir(each, {recursive: true})
  const platforms = wheelPlatforms(host).flatMap((name) => ['--platform', name])
  const stopTelling = tellSize(folder, say)
  const outcome = await runTool(
    'python3',
    [
      ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir'],
      ...['--disable-pip-version-check', '--no-input', '--progress-bar', 'off'],
      ...['--python-version', pythonVersion, '--implementation', 'cp', ...platforms],
      ...['--dest', download, requirement],
    ],
    // Beside the rest, so that the room that was checked is the room that is used.
    {signal, env: {TMPDIR: temporary}},
  ).finally(stopTelling)
  if (!outcome.succeeded) throw new Error(explain(requirement, outcome))
  const wheel = (await readdir(download)).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw new Error(`pip: expected a wheel of ${requirement}, got none`)
  const args = ['-c', unpack, join(download, wheel), folder, ...starts]
  const unpacked = await runTool('python3', args, {signal})
  if (!unpacked.succeeded) throw new Error(explain(requirement, unpacked))
  for (const each of [download, temporary]) await rm(each, {recursive: true, force: true})
}

/** The reasons met in practice, in words that help; any other as pip gives it. */
function explain(requirement: string, outcome: Outcome): string {
  const {output} = outcome
  const errors = output.split('\n').filter((line) => /^ERROR|Error:/.test(line))
  const reason = errors[0]?.replace(/^ERROR: /, '').trim() ?? lastLine(outcome)
  // pip asks in vain a few times, and then knows of no version.
  if (/WARNING: Retrying/.test(output)) {
    const broken = output.match(/connection broken by '(.*)': /)?.[1] ?? reason
    return `pip: the package index could not be reached for ${requirement}: ${broken}; pip's own settings apply (PIP_INDEX_URL, PIP_PROXY), and nothing half-done was kept: run this again`
  }
  if (/No matching distribution|Could not find a version/.test(output)) {
    const versions = output.match(/from versions: ([^)]*)\)/)?.[1]?.split(', ') ?? []
    const released = versions.filter((version) => /^[\d.]+$/.test(version)).join(', ')
    return `pip: expected a wheel of ${requirement} for Python ${pythonVersion} that runs here, but there ${released ? `are ${released}` : 'is none'}`
  }
  if (/No space left on device/.test(output)) {
    return `disk: no room left while ${requirement} was fetched; make room, or set XDG_CACHE_HOME to a folder on a larger disk`
  }
  return `pip: ${requirement} could not be fetched: ${reason}; run this again, nothing half-done was kept`
}

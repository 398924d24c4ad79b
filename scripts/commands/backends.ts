import {type Context, defineCommand, UsageError} from '../command.js'
import {choice, flag, text, withDefault} from '../option.js'

/** Which backends there are, and how to have native TensorFlow. */
export const backends = defineCommand({
  name: 'backends',
  summary: 'show the backends that can be had here, or install native TensorFlow',
  words: {
    action: withDefault(choice('what to do', ['list', 'install']), 'list'),
  },
  options: {
    json: flag('with list: print JSON'),
    gpu: flag('with install: the library for NVIDIA GPUs, with CUDA 12 (3.4 GB to download)'),
    tensorflow: text('with install: version of the library; default: 2.21.0'),
    package: choice('with install: the npm package; default: tfjs-node-gpu', [
      'tfjs-node-gpu',
      'tfjs-node',
    ]),
  },
  examples: [
    ['backends', 'try and measure each one'],
    ['backends install', 'native TensorFlow for the CPU'],
    ['backends install --gpu', 'and for NVIDIA GPUs'],
  ],
  async run({action, json, ...options}, context) {
    if (action === 'list') {
      refuse(options, 'install')
      await list(json, context)
    } else {
      refuse({json}, 'list')
      const {installBackend} = await import('../backends/install/index.js')
      await installBackend(options, context)
    }
  },
})

/** @throws UsageError for an option that belongs to the other action */
function refuse(options: Readonly<Record<string, unknown>>, action: string): void {
  const [name] = Object.entries(options).find(([, value]) => value) ?? []
  if (name) throw new UsageError(`${name}: expected it with backends ${action} alone`)
}

async function list(json: boolean, {stdout, stderr, signal}: Context): Promise<void> {
  const {reportBackends} = await import('../backends/report.js')
  const {reportText} = await import('../backends/report-text.js')
  const {jsonText} = await import('../amounts.js')
  const {terminalWidth} = await import('../terminal.js')
  const onBackend = (name: string) => void stderr.write(`measuring ${name}\n`)
  const reports = await reportBackends({onBackend, signal})
  stdout.write(json ? jsonText(reports) : reportText(reports, terminalWidth(stdout)))
  for (const {warnings} of reports) {
    for (const warning of warnings) stderr.write(`WARNING: ${warning}\n`)
  }
}

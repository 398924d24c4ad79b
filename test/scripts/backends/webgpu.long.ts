import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {BackendReport} from '../../../scripts/backends/report.js'
import {temporaryFolder} from '../../support/folder.js'

/** Where SwiftShader, a GPU in software, and a Vulkan loader lie: beside Chromium, on Debian and elsewhere. */
const chromium = ['/usr/lib/chromium', '/usr/lib64/chromium-browser', '/opt/google/chrome'].find(
  (folder) => existsSync(join(folder, 'vk_swiftshader_icd.json')),
)

const test = suite('webgpu on a GPU in software')
const root = resolve(import.meta.dirname, '../../..')
const project = temporaryFolder()
writeFileSync(join(project, 'package.json'), '{"private": true}')

function execute(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const {status, stdout, stderr} = spawnSync(program, args, {
    cwd: project,
    encoding: 'utf8',
    env: {...process.env, ...env},
  })
  return {status, stdout, stderr}
}

const typescript = (file: string, ...words: string[]) => [
  ...['--import', import.meta.resolve('tsx')],
  ...[join(root, file), ...words],
]

test.before(() => {
  const packages = ['webgpu@0.6.2', '@tensorflow/tfjs-backend-webgpu@4.22.0']
  const {status, stderr} = execute('npm', [
    'install',
    '--ignore-scripts',
    '--no-audit',
    ...packages,
  ])
  assert.is(status, 0, stderr)
})

test('without a driver it is refused, and the next one is chosen', () => {
  const nothing = join(project, 'no-driver.json')
  const {stdout} = execute(process.execPath, typescript('scripts/bin.ts', 'backends', '--json'), {
    VK_ICD_FILENAMES: nothing,
    VK_DRIVER_FILES: nothing,
  })
  const reports: BackendReport[] = JSON.parse(stdout)
  const {state, why} = reports.find(({name}) => name === 'webgpu')!
  assert.is(state, 'refused')
  assert.match(why!, /^no GPU was found/)
  assert.ok(reports.some((each) => each.state === 'chosen'))
})

if (chromium === undefined) {
  test.skip('the reference values hold (there is no SwiftShader: install Chromium)', () =>
    undefined)
} else {
  const loader = join(project, 'vulkan')
  mkdirSync(loader)
  // By itself, so that nothing else of Chromium's is found instead of the system's.
  symlinkSync(join(chromium, 'libvulkan.so.1'), join(loader, 'libvulkan.so.1'))
  const driver = {
    VK_ICD_FILENAMES: join(chromium, 'vk_swiftshader_icd.json'),
    LD_LIBRARY_PATH: loader,
  }

  test('it is usable, but not taken by itself', () => {
    const backends = typescript('scripts/bin.ts', 'backends', '--json')
    const reports: BackendReport[] = JSON.parse(execute(process.execPath, backends, driver).stdout)
    const found = reports.find(({name}) => name === 'webgpu')!
    assert.is(found.state, 'usable', `${found.why}`)
    assert.match(found.device!, /SwiftShader/)
    assert.ok(found.distanceError! < 1e-4)
    assert.ok(found.boundError! < 1e-4)
  })

  test('the reference values hold', () => {
    const reference = typescript('test/src/reference.test.ts')
    const {status, stdout} = execute(process.execPath, reference, {
      ...driver,
      LINEAR_REGIONS_BACKENDS: 'webgpu',
    })
    assert.is(status, 0, stdout)
    assert.match(stdout, /mlp-20d on webgpu/)
  })
}

test.run()

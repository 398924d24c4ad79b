import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {runCaptured} from '../../capture.js'
import {enterWorkshop, install, proveByFiles, version, type Workshop} from './fake-tools.js'

const test = suite('backends install')
let workshop: Workshop | undefined
test.after.each(() => {
  workshop?.leave()
  workshop = undefined
})

const npmLog = ({cache}: Workshop) => readFileSync(join(cache, '../../npm.log'), 'utf8')
const inPackage = ({project}: Workshop, path: string) =>
  join(project, 'node_modules/@tensorflow/tfjs-node', path)

test('everything is set up, a line a step, and the second time nothing is done', async () => {
  workshop = enterWorkshop()
  const {stdout, stderr} = await install()
  assert.match(
    stdout,
    /^installed: @tensorflow\/tfjs-node \S+ with TensorFlow 2\.21\.0 on .* works\n$/,
  )
  const steps = stderr.split('\n').filter((line) => line.startsWith('['))
  assert.equal(
    steps.map((line) => line.slice(0, 6)),
    [1, 2, 3, 4, 5, 6].map((number) => `[${number}/6] `),
  )
  assert.match(steps[0]!, /building with python 3\.11\.7, npm 11\.19\.1, make 4\.3, g\+\+ 12\.2\.0/)

  const library = join(workshop.cache, 'tensorflow-cpu-2.21.0')
  assert.equal(readdirSync(workshop.cache), ['tensorflow-cpu-2.21.0'])
  assert.equal(readdirSync(library).sort(), ['tensorflow', 'tensorflow_cpu-2.21.0.dist-info'])
  // Neither the headers that no addon includes nor the Python parts.
  assert.equal(readdirSync(join(library, 'tensorflow/include')), ['tensorflow'])
  assert.not.ok(existsSync(join(library, 'tensorflow/python')))
  const link = inPackage(workshop, 'deps/lib/libtensorflow.so')
  assert.is(readlinkSync(link), join(library, 'tensorflow/libtensorflow_cc.so.2'))
  const added = `install --no-save --save-optional --ignore-scripts --no-audit --no-fund @tensorflow/tfjs-node@${version}\n`
  assert.is(npmLog(workshop), `${added}build with g++\n`)
  assert.is(readFileSync(join(workshop.project, 'package.json'), 'utf8'), '{"private": true}')

  const again = await install()
  assert.match(
    again.stdout,
    /^nothing to do: @tensorflow\/tfjs-node .* TensorFlow 2\.21\.0 .* works\n$/,
  )
  assert.is(again.stderr, '')
  assert.is(npmLog(workshop), `${added}build with g++\n`)
})

test('an installation of somebody else is used as it is, until another library is asked for', async () => {
  workshop = enterWorkshop()
  await install({prove: proveByFiles, tensorflow: '2.15.0'})
  const built = inPackage(workshop, 'lib/napi-v8/tfjs_binding.node')
  writeFileSync(built, 'of somebody else')
  assert.match(
    (await install({prove: proveByFiles})).stdout,
    /^nothing to do: .* TensorFlow 2\.15\.0 /,
  )
  assert.match(
    (await install({prove: proveByFiles, tensorflow: '2.15.0'})).stdout,
    /^nothing to do: /,
  )
  assert.is(readFileSync(built, 'utf8'), 'of somebody else')
  const {stdout} = await install({prove: proveByFiles, tensorflow: '2.21.0'})
  assert.match(stdout, /^installed: .* TensorFlow 2\.21\.0 /)
  assert.is(readFileSync(built, 'utf8'), 'built')
})

test('what npm ci took away is put back without a download, even without pip', async () => {
  workshop = enterWorkshop()
  mkdirSync(join(workshop.cache, 'tensorflow-cpu-2.21.0/tensorflow/include/tensorflow/c'), {
    recursive: true,
  })
  const library = join(workshop.cache, 'tensorflow-cpu-2.21.0/tensorflow')
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
    writeFileSync(join(library, name), '2.21.0')
  writeFileSync(join(library, 'include/tensorflow/c/c_api.h'), '')
  process.env.FAKE_PIP = 'absent'
  const {stdout, stderr} = await install({prove: proveByFiles})
  assert.match(stdout, /^installed: /)
  assert.match(stderr, /\[2\/6\] TensorFlow 2\.21\.0 for the CPU is in /)
})

test('with a GPU the CUDA libraries lie where TensorFlow looks for them', async () => {
  workshop = enterWorkshop()
  process.env.FAKE_GPU = 'yes'
  const {stderr} = await install({gpu: true, package: undefined})
  assert.match(stderr, /\[2\/6\] fetching TensorFlow 2\.21\.0 with CUDA 12\n/)
  assert.match(stderr, /\n {2}nvidia-cublas-cu12<13\.0,>=12\.5\n/)
  const deps = join(workshop.project, 'node_modules/@tensorflow/tfjs-node-gpu/deps')
  // $ORIGIN/../nvidia/*/lib, and $ORIGIN is deps/lib.
  assert.ok(existsSync(join(deps, 'lib/../nvidia/cublas/lib/libcublas.so.12')))
  assert.not.match(stderr, /WARNING/)

  delete process.env.FAKE_GPU
  const again = await install({gpu: true, package: undefined})
  assert.match(again.stdout, /^nothing to do: /)
  assert.match(
    again.stderr,
    /^WARNING: tfjs-node-gpu computes on the CPU: TensorFlow 2\.21\.0 found/,
  )
})

test('other optional packages that are there stay there', async () => {
  workshop = enterWorkshop()
  await install({prove: proveByFiles, package: 'tfjs-node-gpu'})
  await install({prove: proveByFiles})
  const last = npmLog(workshop).split('\n').at(-3)!
  assert.match(last, ` @tensorflow/tfjs-node@${version} @tensorflow/tfjs-node-gpu@${version}`)
})

test('the command takes its options, each with its action', async () => {
  workshop = enterWorkshop()
  const wrong = async (...words: string[]) => {
    const {code, stderr} = await runCaptured(['backends', ...words])
    assert.is(code, 2)
    return stderr
  }
  assert.match(await wrong('--gpu'), /gpu: expected it with backends install/)
  assert.match(await wrong('install', '--json'), /json: expected it with backends list/)
  assert.match(
    await wrong('install', '--package', 'tfjs'),
    /package: expected one of tfjs-node-gpu, /,
  )
  assert.match(
    await wrong('install', '--tensorflow', 'new'),
    /tensorflow: expected a version such as 2\.21\.0, got "new"/,
  )
})

test.run()

import {copyFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {temporaryFolder} from './support/folder.js'
import {execute, packProject} from './support/packed.js'

// compiles sqlite3 where no prebuilt file can be had: minutes, so not in package.test.ts
test('npm installs the tarball into an empty project, and its bin runs', () => {
  const folder = temporaryFolder()
  const tarball = packProject(folder)
  copyFileSync('.npmrc', join(folder, '.npmrc'))
  const manifest = {private: true, type: 'module', allowScripts: {sqlite3: true}}
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  execute('npm', ['install', '--prefer-offline', tarball], folder)
  assert.match(execute('npx', ['--no-install', 'linear-regions', '--help'], folder), 'reproduce')
  const source = "const {openLog} = await import('tfjs-linear-regions/storage')\n"
  writeFileSync(join(folder, 'open.js'), `${source}await (await openLog('runs.db')).close()\n`)
  execute(process.execPath, ['open.js'], folder)
})

test.run()

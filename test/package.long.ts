import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {temporaryFolder} from './support/folder.js'
import {execute, packProject} from './support/packed.js'

// compiles sqlite3 where no prebuilt file can be had: minutes, so not in package.test.ts
test('npm installs the tarball into an empty project, and its bin reproduces', () => {
  const folder = temporaryFolder()
  const tarball = packProject(folder)
  const manifest = {private: true, type: 'module', allowScripts: {sqlite3: true}}
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  execute('npm', ['install', '--prefer-offline', tarball], folder)
  const short = '--seeds 1 --epochs 1 --train-size 200 --points 8 --out results'.split(' ')
  execute('npx', ['--no-install', 'linear-regions', 'reproduce', ...short], folder)
  assert.ok(existsSync(join(folder, 'results/reproduce.db')))
})

test.run()

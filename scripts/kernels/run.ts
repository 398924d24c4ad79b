import {writeFile} from 'node:fs/promises'
import {compileKernels, target} from './compile.js'

await writeFile(target, await compileKernels())

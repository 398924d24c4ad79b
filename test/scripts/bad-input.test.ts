import {suite} from 'uvu'
import {anyCommandLines, anySql, damagedLogs, wrongCommandLines} from './bad-input.js'

const bad = suite('bad input, some of it (the rest in bad-input.long.ts)')

bad('a wrong command line gets one line that names what is wrong', () => wrongCommandLines(150))
bad('any words are help, work or a complaint', () => anyCommandLines(150))
bad('any SQL is answered or complained of, and writes nothing', () => anySql(150))
bad('a damaged log is read or complained of', () => damagedLogs(12))

bad.run()

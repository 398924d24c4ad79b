import {suite} from 'uvu'
import {anyCommandLines, anySql, damagedLogs, wrongCommandLines} from './bad-input.js'

const bad = suite('bad input by the thousand')

bad('a wrong command line gets one line that names what is wrong', () => wrongCommandLines(4000))
bad('any words are help, work or a complaint', () => anyCommandLines(4000))
bad('any SQL is answered or complained of, and writes nothing', () => anySql(10_000))
bad('a damaged log is read or complained of', () => damagedLogs(400))

bad.run()

import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import pg from 'pg'
import {postgresBinaries} from './binaries.js'

/** A PostgreSQL of one's own, on the loopback alone. */
export interface Server {
  readonly port: number
  readonly pid: () => number
  /** Address of its database. */
  readonly address: string
  /** Kills it as a power cut would (SIGKILL), its children with it. */
  kill(): Promise<void>
  /** Starts it again, on the same port. */
  start(): Promise<void>
}

/**
 * Starts a server in a temporary folder, as somebody who may do nothing else where this process is
 * root's (PostgreSQL refuses root). It ends with this process, however that ends.
 */
export async function startServer(): Promise<Server> {
  const binaries = postgresBinaries()
  if (!binaries) throw new Error('PostgreSQL: there is no initdb on this machine')
  const folder = mkdtempSync(join(tmpdir(), 'linear-regions-postgres-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  const [program, ...before] = unprivileged(folder, data)
  const command = (name: string, args: readonly string[]) => {
    const words = [...before, join(binaries, name), ...args]
    return program ? [program, words] : [words[0]!, words.slice(1)]
  }
  const [initdb, options] = command('initdb', [
    ...['--pgdata', data, '--username', 'tester', '--auth', 'trust', '--no-sync'],
    ...['--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-instructions'],
  ]) as [string, string[]]
  execFileSync(initdb, options, {stdio: ['ignore', 'ignore', 'inherit'], cwd: folder})
  const port = await freePort()
  let child: ChildProcess | undefined

  const stop = async (signal: NodeJS.Signals) => {
    const running = child
    child = undefined
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    running.ref()
    running.kill(signal)
    await once(running, 'exit')
  }
  const address = `postgres://tester@127.0.0.1:${port}/postgres`
  const server: Server = {
    port,
    pid: () => child!.pid!,
    address,
    kill: async () => {
      // its children notice that it is gone, and end; they hold the folder until then
      await stop('SIGKILL')
    },
    start: async () => {
      const all = [
        ...[`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`],
        ...['shared_buffers=32MB', 'max_connections=60', 'max_wal_size=256MB'],
        // what the server has written survives its own end without it, though not the machine's
        ...['fsync=off', 'full_page_writes=off', 'autovacuum=off'],
      ]
      const words = ['-D', data, ...all.flatMap((setting) => ['-c', setting])]
      const [postgres, args] = command('postgres', words) as [string, string[]]
      for (let attempt = 0; ; attempt++) {
        child = spawn(postgres, args, {stdio: ['ignore', 'ignore', 'pipe'], cwd: folder})
        let said = ''
        child.stderr!.on('data', (text) => {
          said = (said + text).slice(-4000)
        })
        if (await answers(address, child)) break
        // after a SIGKILL the children of the last one may still be ending
        if (attempt === 50) throw new Error(`PostgreSQL did not start: ${said}`)
        await stop('SIGKILL')
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      child.unref()
      ;(child.stderr as unknown as {unref(): void}).unref()
    },
  }
  process.on('exit', () => {
    child?.kill('SIGQUIT')
    rmSync(folder, {recursive: true, force: true, maxRetries: 5})
  })
  await server.start()
  return server
}

/** What goes before a command so that it is not root's: Linux alone has both a root in CI and this. */
function unprivileged(...folders: string[]): string[] {
  if (process.getuid?.() !== 0) return []
  const nobody = Number(execFileSync('id', ['-u', 'nobody'], {encoding: 'utf8'}))
  const group = Number(execFileSync('id', ['-g', 'nobody'], {encoding: 'utf8'}))
  for (const folder of folders) {
    chownSync(folder, nobody, group)
    chmodSync(folder, 0o700)
  }
  const who = [`--reuid=${nobody}`, `--regid=${group}`, '--clear-groups']
  // the signal reaches the server where this process is killed and can tell it nothing
  return ['setpriv', ...who, '--pdeathsig=SIGQUIT']
}

async function answers(address: string, child: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) return false
    const client = new pg.Client({connectionString: address})
    client.on('error', () => undefined)
    try {
      await client.connect()
      return true
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 30))
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  return false
}

export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const {port} = listener.address() as {port: number}
  listener.close()
  await once(listener, 'close')
  return port
}

import {spawn} from 'node:child_process'
import {accessSync, constants} from 'node:fs'
import {delimiter, join} from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The browser named by CHROME_PATH, or the first one on the PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env.CHROME_PATH
  if (named) {
    if (isExecutable(named)) return named
    throw new Error(`CHROME_PATH: expected a program, got ${JSON.stringify(named)}`)
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A browser without a window. */
export interface Browser {
  /** Settles when it has ended, with what it wrote. */
  readonly ended: Promise<string>
  /** Ends it and all of its processes. */
  stop(): Promise<void>
}

/**
 * Opens a page in a browser that writes to a folder of its own alone.
 *
 * @param words further flags, such as `--dump-dom`, then the page's address
 */
export function startChromium(program: string, folder: string, ...words: string[]): Browser {
  // As root there is no sandbox, and what a container has in /dev/shm is often too little.
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-extensions',
    '--disable-sync',
    '--no-default-browser-check',
    '--no-first-run',
    '--no-proxy-server',
    `--user-data-dir=${folder}`,
  ]
  const child = spawn(program, [...flags, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {...process.env, HOME: folder},
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise<string>((resolve, reject) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', reject)
    // Its other processes hold the streams: they are closed when the last of them has ended.
    child.on('close', () => {
      process.removeListener('exit', kill)
      resolve(output)
    })
  })
  return {
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(kill, 5000)
      await ended.catch(() => undefined)
      clearTimeout(timer)
    },
  }
}

import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {startChromium} from './chromium.js'

/** A page, and what it is given. */
export interface Page {
  /** Runs in the page; calls `answer(value)` once. What it throws fails the page. */
  readonly script: string
  /** What `await question()` gives it. */
  readonly question: unknown
  /** Where the browser writes: part of the command line of each of its processes. */
  readonly folder: string
  /** Time limit in seconds. */
  readonly limit: number
}

const html = `<!doctype html><meta charset="utf-8"><script>
const post = (path, value) => fetch(path, {method: 'POST', body: JSON.stringify(value)})
const fail = (error) => post('/failure', String(error?.stack ?? error))
globalThis.question = async () => (await fetch('/question')).json()
globalThis.answer = (value) => post('/answer', value)
addEventListener('error', (event) => fail(event.error ?? event.message))
addEventListener('unhandledrejection', (event) => fail(event.reason))
</script><script src="/script.js"></script>`

/**
 * Opens a page in a browser without a window, from a server on a free port of this machine, and gives what it
 * answers. The browser and the server have ended when this settles, whatever happened.
 */
export async function openPage(program: string, page: Page): Promise<unknown> {
  const replies: Replies = {resolve: () => {}, reject: () => {}}
  const answered = new Promise<unknown>((resolve, reject) => {
    Object.assign(replies, {resolve, reject})
  })
  const server = await listen((request, response) => serve(page, request, response, replies))
  const {port} = server.address() as AddressInfo
  const browser = startChromium(program, page.folder, `http://127.0.0.1:${port}/`)
  const timer = setTimeout(
    () => replies.reject(new Error(`the page gave no answer within ${page.limit} s`)),
    page.limit * 1000,
  )
  browser.ended.then(
    (output) => replies.reject(new Error(`${program} ended before the page answered:\n${output}`)),
    replies.reject,
  )
  try {
    return await answered
  } finally {
    clearTimeout(timer)
    await browser.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

interface Replies {
  resolve: (answer: unknown) => void
  reject: (error: Error) => void
}

async function serve(
  {script, question}: Page,
  request: IncomingMessage,
  response: ServerResponse,
  {resolve, reject}: Replies,
): Promise<void> {
  const send = (type: string, body: string) =>
    response.writeHead(200, {'content-type': `${type}; charset=utf-8`}).end(body)
  switch (request.url) {
    case '/':
      return void send('text/html', html)
    case '/script.js':
      return void send('text/javascript', script)
    case '/question':
      return void send('application/json', JSON.stringify(question))
    case '/answer':
      resolve(JSON.parse(await bodyOf(request)))
      return void send('text/plain', '')
    case '/failure':
      reject(new Error(`in the page: ${JSON.parse(await bodyOf(request))}`))
      return void send('text/plain', '')
    default:
      response.writeHead(404).end()
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const text of request.setEncoding('utf8')) body += text
  return body
}

function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer(handle)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

import {once} from 'node:events'
import {connect, createServer, type Socket} from 'node:net'

/** A way to a server that can be cut. */
export interface Proxy {
  readonly port: number
  /** `open`; `cut`: connections break and new ones are refused; `silent`: nothing gets through. */
  state: 'open' | 'cut' | 'silent'
  /** Bytes that may still pass to the server before the way is cut. Default: any number. */
  limit: number
  close(): void
}

/** Listens on the loopback and passes on what it hears. */
export async function startProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let state: Proxy['state'] = 'open'
  let limit = Number.POSITIVE_INFINITY
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  const listener = createServer((near) => {
    sockets.add(near)
    near.on('error', () => undefined)
    if (state === 'cut') return near.destroy()
    const far = connect(port, '127.0.0.1')
    sockets.add(far)
    far.on('error', () => near.destroy())
    near.on('data', (data) => {
      if (state !== 'open') return
      limit -= data.length
      if (limit < 0) {
        state = 'cut'
        return cut()
      }
      far.write(data)
    })
    far.on('data', (data) => {
      if (state === 'open') near.write(data)
    })
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  }).listen(0, '127.0.0.1')
  listener.unref()
  await once(listener, 'listening')
  return {
    port: (listener.address() as {port: number}).port,
    get state() {
      return state
    },
    set state(next) {
      state = next
      if (next === 'cut') cut()
    },
    get limit() {
      return limit
    },
    set limit(bytes) {
      limit = bytes
    },
    close() {
      cut()
      listener.close()
    },
  }
}

/** Port of a server that lets everybody in and never says a word. */
export async function silentPort(): Promise<number> {
  const listener = createServer((near) => {
    near.on('error', () => undefined)
    near.unref()
  }).listen(0, '127.0.0.1')
  listener.unref()
  await once(listener, 'listening')
  return (listener.address() as {port: number}).port
}

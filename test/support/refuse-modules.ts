/** Has `run` meet a page that compiles no WebAssembly at once. */
export async function refuseModules(error: Error, run: () => void | Promise<void>): Promise<void> {
  const {Module} = WebAssembly
  WebAssembly.Module = class {
    constructor() {
      throw error
    }
  } as unknown as typeof Module
  try {
    await run()
  } finally {
    WebAssembly.Module = Module
  }
}

import {findChromium} from './chromium.js'

/** What is used of a suite of uvu. */
interface Suite {
  (name: string, run: () => Promise<void>): void
  readonly skip: (name: string) => void
}

const chromium = findChromium()
const advice = "install Debian's package chromium, or name a Chromium or Chrome with CHROME_PATH"
if (!chromium) console.log(`\n*** No Chromium: NOT tested in a browser. To do so, ${advice}.\n`)

/** A test that needs the browser: without one it fails in CI, and is left out elsewhere. */
export function inBrowser(
  test: Suite,
  name: string,
  run: (program: string) => Promise<void>,
): void {
  if (chromium) test(name, () => run(chromium))
  else if (process.env.CI) {
    test(name, () => {
      throw new Error(`no Chromium: ${advice}`)
    })
  } else test.skip(name)
}

import {defineCommand} from '../command.js'

/** Lets a shell complete commands, options and their words. */
export const completion = defineCommand({
  name: 'completion',
  summary: 'print a script that completes command lines in bash or zsh',
  options: {},
  examples: [['completion >> ~/.bashrc', 'from the next shell on']],
  async run(_options, {stdout}) {
    const {completionScript} = await import('../parse.js')
    stdout.write(await completionScript())
  },
})

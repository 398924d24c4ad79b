/**
 * Whether a figure says that it cannot be drawn from the chosen runs: whoever draws all figures passes
 * over it with a note. An option that names what the runs lack is another error.
 */
export const cannotDraw = (error: unknown): error is Error =>
  error instanceof Error && error.message.startsWith('figure: ')

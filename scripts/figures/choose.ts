/**
 * The things of one kind that a figure shows: those asked for, else all that the log holds.
 *
 * @param option name of the option, for the error
 * @throws Error naming the option, what was asked for and what there is
 *
 * @example
 * chooseSome('group', undefined, ['train', 'uniform']) // ['train', 'uniform']
 */
export function chooseSome(
  option: string,
  wanted: readonly string[] | undefined,
  existing: readonly string[],
): readonly string[] {
  for (const word of wanted ?? []) {
    if (!existing.includes(word)) {
      throw new Error(
        existing.length === 0
          ? `${option}: got "${word}", but the chosen runs hold none`
          : `${option}: expected one of ${existing.join(', ')}, which the chosen runs hold, got "${word}"`,
      )
    }
  }
  return wanted ? existing.filter((one) => wanted.includes(one)) : existing
}

/** One of them: the one asked for, else the preferred one, else the first. */
export function chooseOne(
  option: string,
  wanted: string | undefined,
  existing: readonly string[],
  preferred: string,
): string | undefined {
  if (wanted !== undefined) return chooseSome(option, [wanted], existing)[0]
  return existing.find((one) => one === preferred) ?? existing[0]
}

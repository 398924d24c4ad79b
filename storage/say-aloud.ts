/** Says on the console what happens to a log. */
export function sayAloud(sentence: string): void {
  console.warn(`linear-regions: ${sentence}`)
}

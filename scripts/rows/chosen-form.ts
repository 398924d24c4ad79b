import {UsageError} from '../command.js'

/**
 * The form of an answer where `--json` is short for `--format json`.
 *
 * @throws UsageError where both are given and differ
 */
export function chosenForm<Form extends string>(
  format: Form | undefined,
  json: boolean,
  fallback: Form,
): Form | 'json' {
  if (!json) return format ?? fallback
  if (format === undefined || format === 'json') return 'json'
  throw new UsageError(`json: expected no other form beside it, got --format ${format}`)
}

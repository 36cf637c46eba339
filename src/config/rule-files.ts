/**
 * The files of `config/` that are published: they say who serves whom and when, and may be replaced while calls go on.
 * The others are read when the server starts.
 */
export const ruleFiles = [
  'skills.yaml',
  'teams.yaml',
  'queues.yaml',
  'calendars.yaml',
  'dispositions.yaml',
  'pause-reasons.yaml',
] as const

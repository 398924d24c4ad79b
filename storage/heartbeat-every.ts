/** Seconds between two signs of life of a run, where nothing else is said of it. */
export const heartbeatEvery = 60

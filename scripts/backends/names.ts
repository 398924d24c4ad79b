/** The names that `--backend` takes, in the order in which backends are tried; loads none of them. */
export const backendNames = ['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu'] as const

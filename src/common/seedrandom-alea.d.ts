// @types/seedrandom describes the main module only, and that one draws from Math.random as it loads
declare module 'seedrandom/lib/alea.js' {
  export default function alea(seed: string): {(): number; double(): number}
}

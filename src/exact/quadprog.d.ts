declare module 'quadprog' {
  /**
   * min 1/2 x'Dx - d'x where A'x >= b, by the dual method of Goldfarb and Idnani. All arrays count from 1. With
   * `factorized` [0, 1] D is given as the inverse of its Cholesky factor.
   */
  export function solveQP(
    D: number[][],
    d: number[],
    A: number[][],
    b: number[],
    equalities?: number,
    factorized?: [number, number],
  ): {readonly solution: number[]; readonly message: string}
}

export {addProducts, weightedSquares} from './grams'
export {addShifted} from './knapsack'
export {firstEntries, hasCholeskyFactor, times} from './symmetric'
export {passRuns, windowProducts} from './windows'

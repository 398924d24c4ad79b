export {countFlats} from './count-flats.js'
export type {Pieces} from './pieces.js'

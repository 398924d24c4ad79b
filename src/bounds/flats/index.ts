export {countFlats, type Pieces} from './count-flats.js'

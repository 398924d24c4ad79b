export {readBudget} from './budget.js'
export {refineBounds} from './refine-bounds.js'

export type { Budget } from './budget.rules';
export { Budgets } from './budgets';
export { BudgetsModule } from './budgets.module';
export { CallRates, THINGS_A_CALL } from './call-rates';
export { LimitsModule } from './limits.module';
export { networkOf } from './network.rules';
export { Places } from './places';
export { rateLimited } from './limits.metrics';

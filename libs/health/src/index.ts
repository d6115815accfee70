export { Checks, type Found, type Need } from './checks';

export { Rounds } from './rounds';
export { runProcess, type Running } from './run-process';

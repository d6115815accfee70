export { AppError, type ErrorData } from './app-error';
export { ERRORS } from './errors.table';
export { invalidInput } from './invalid-input';
export { acknowledgementOf, problemOf, statusOf, errorOfStatus } from './doors';
export type { ErrorCode, FieldError, Problem, Refusal } from '@veche/protocol';

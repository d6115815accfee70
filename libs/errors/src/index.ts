export { AppError, type ErrorData, type FieldError } from './app-error';
export { ERRORS, type ErrorCode } from './errors.table';
export { invalidInput } from './invalid-input';
export { acknowledgementOf, problemOf, statusOf, errorOfStatus, type Problem, type Refusal } from './doors';

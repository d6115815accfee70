import { AppError, invalidInput } from '@veche/errors';
import { validateSync } from 'class-validator';
import { type Checker, checkerOf } from './checker';
import { readingsOf } from './read-as';

/** More than any request of ours has; a value from JSON may nest until a recursion over it overflows the stack. */
const MAX_DEPTH = 8;

const isDeeper = (value: unknown, than: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (than === 0 || Object.values(value).some((one) => isDeeper(one, than - 1)));

type Dto<T extends object = object> = new () => T;

interface Rules {
  readonly readings: ReturnType<typeof readingsOf>;
  readonly isValid: Checker;
}

const rules = new Map<Dto, Rules>();

const NEVER: Checker = () => false;

/** Gathered at the first call: by then all decorators of the class have run. */
const rulesOf = (type: Dto): Rules => {
  const known = rules.get(type);
  if (known) return known;
  const made = { readings: readingsOf(type), isValid: checkerOf(type) ?? NEVER };
  rules.set(type, made);
  return made;
};

const instanceOf = <T extends object>(type: Dto<T>, { readings }: Rules, value: object): T => {
  const instance = new type();
  for (const [field, given] of Object.entries(value) as [keyof T & string, T[keyof T & string]][]) {
    // no field of ours has a name that every object has, and to set some of those does more than to set them
    if (field in Object.prototype)
      throw new AppError('invalid_input', { detail: `There is no field ${field}` });
    const read = readings.get(field);
    instance[field] = read ? (read(given) as typeof given) : given;
  }
  return instance;
};

/**
 * A plain value as an instance of its DTO.
 * @throws AppError `invalid_input` with what is wrong field by field; unknown fields are wrong.
 */
export const validated = <T extends object>(type: Dto<T>, value: unknown): T => {
  if (isDeeper(value, MAX_DEPTH)) throw new AppError('invalid_input', { detail: 'It is nested too deeply' });
  const known = rulesOf(type);
  const instance = instanceOf(type, known, Object(value ?? {}) as object);
  if (known.isValid(instance)) return instance;
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    // a request without fields is a class without rules, and that is no error
    forbidUnknownValues: false,
    stopAtFirstError: true,
  });
  if (errors.length > 0) throw invalidInput(errors);
  return instance;
};

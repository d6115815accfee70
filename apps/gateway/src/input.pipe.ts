import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { AppError } from '@veche/errors';
import { validated } from '@veche/rpc';

const PLAIN = new Set<unknown>([Object, Array, String, Number, Boolean]);

/** What JSON calls an object; a list, or the bytes that a socket can bring, are none. */
const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * Body, query and path of a request, and the payload of a socket's call, become their DTO by the same validation
 * that the services do. What is no object is refused before anything looks into it.
 */
export class InputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || metatype === undefined || PLAIN.has(metatype)) return value;
    if (type === 'body' && value !== undefined && !isPlainObject(value))
      throw new AppError('invalid_input', { detail: 'The input must be an object' });
    return validated(metatype as new () => object, value);
  }
}

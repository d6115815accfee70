import type { Type } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';

/**
 * A body to try a call with from the documentation page. Without one the page makes up a body with every
 * optional field in it, which is refused where fields exclude each other.
 */
export const Example = <T extends object>(type: Type<T>, value: T): MethodDecorator =>
  ApiBody({ type, examples: { example: { value } } });

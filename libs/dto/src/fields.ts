import { applyDecorators } from '@nestjs/common';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  isDate,
  isEmail,
  IsInt,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  registerDecorator,
  ValidateBy,
  ValidateIf,
  type ValidationOptions,
} from 'class-validator';
import { isDisplayName, isEmoji, isRoomName, isVisible, tidyEmoji, tidyName } from '@veche/protocol';
import { ReadAs } from './read-as';

/** May be left out. Unlike class-validator's IsOptional it lets no `null` through. */
export const Optional = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);

/** Text that every store and every wire can hold: no NUL, no half of a surrogate pair. */
const Storable =
  (options?: ValidationOptions): PropertyDecorator =>
  (target, property) =>
    registerDecorator({
      name: 'storable',
      target: target.constructor,
      propertyName: property as string,
      options: { message: '$property must not contain NUL or broken Unicode', ...options },
      validator: {
        validate: (value: unknown) =>
          (Array.isArray(value) ? value : [value]).every(
            (v) => typeof v === 'string' && !v.includes('\0') && v.isWellFormed(),
          ),
      },
    });

/** Text of `min` to `max` characters (code points). */
export const Text = (min: number, max: number): PropertyDecorator =>
  applyDecorators(IsString(), Length(min, max), Storable());

/** A rule for a field, from one for its text. */
export const Fits = (name: string, fits: (text: string) => boolean, message: string): PropertyDecorator =>
  ValidateBy({
    name,
    validator: {
      validate: (value) => typeof value === 'string' && fits(value),
      defaultMessage: () => `$property ${message}`,
    },
  });

/** Like {@link Text}, and there is something in it to be seen. */
export const VisibleText = (min: number, max: number): PropertyDecorator =>
  applyDecorators(Text(min, max), Fits('isVisible', isVisible, 'must not be blank'));

/** What a message says: something to be seen, unless files come with it. */
export const MessageText = (max: number): PropertyDecorator =>
  applyDecorators(
    Text(0, max),
    ValidateBy({
      name: 'saysSomething',
      validator: {
        validate: (value, args) => {
          const { attachmentIds } = args?.object as { attachmentIds?: unknown };
          const withFiles = Array.isArray(attachmentIds) && attachmentIds.length > 0;
          return typeof value === 'string' && (isVisible(value) || (withFiles && value === ''));
        },
        defaultMessage: () => '$property must not be blank',
      },
    }),
  );

/** What people are called by others: kept tidy, and refused where it is not seen or reaches beyond its line. */
const Name = (name: string, fits: (text: string) => boolean, message: string): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Storable(),
    Fits(name, fits, message),
    ReadAs((value) => (typeof value === 'string' ? tidyName(value) : value)),
  );

const LINE = 'without control or direction characters';

export const DisplayName = (): PropertyDecorator =>
  Name('isDisplayName', isDisplayName, `must be 1 to 64 characters, not blank, and ${LINE}`);

export const RoomName = (): PropertyDecorator =>
  Name(
    'isRoomName',
    isRoomName,
    `must be 3 to 64 characters, two where they are ideographs, syllables or emoji, and ${LINE}`,
  );

/** One emoji, in one spelling. The longest that there is has 35 bytes. */
export const Emoji = (): PropertyDecorator =>
  applyDecorators(
    Text(1, 16),
    Fits('isEmoji', isEmoji, 'must be one emoji'),
    ReadAs((value) => (typeof value === 'string' ? tidyEmoji(value) : value)),
  );

export const USERNAME = /^[a-z][a-z0-9_.-]{2,31}$/i;
const USERNAME_RULE = 'must be 3 to 32 of a-z, 0-9, _ . - and begin with a letter';

export const Username = (): PropertyDecorator =>
  applyDecorators(IsString(), Matches(USERNAME, { message: `$property ${USERNAME_RULE}` }));

export const Usernames = (): PropertyDecorator =>
  applyDecorators(
    IsString({ each: true }),
    Matches(USERNAME, { each: true, message: `each of $property ${USERNAME_RULE}` }),
  );

/** class-validator's own decorator throws at half of a surrogate pair. */
export const Email = (): PropertyDecorator =>
  applyDecorators(
    Text(3, 254),
    ValidateBy({
      name: 'isEmail',
      validator: {
        validate: (value) => typeof value === 'string' && value.isWellFormed() && isEmail(value),
        defaultMessage: () => '$property must be an email address',
      },
    }),
  );

export const Password = (): PropertyDecorator => Text(8, 128);

/** In one spelling, so that what is equal to the database is equal to the code. */
export const Id = (): PropertyDecorator =>
  applyDecorators(
    IsUUID(),
    ReadAs((value) => (typeof value === 'string' ? value.toLowerCase() : value)),
  );

/** A few ids, each once. */
export const Ids = (max: number): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(max),
    ArrayUnique(),
    IsUUID(undefined, { each: true }),
    ReadAs((value) =>
      Array.isArray(value)
        ? value.map((one: unknown) => (typeof one === 'string' ? one.toLowerCase() : one))
        : value,
    ),
  );

/** A number of a room's log; 0 stands for "before the first". */
export const Seq = (min: 0 | 1 = 1): PropertyDecorator =>
  applyDecorators(IsInt(), Min(min), Max(Number.MAX_SAFE_INTEGER));

export const Limit = (max: number): PropertyDecorator => applyDecorators(IsInt(), Min(1), Max(max));

/** Opaque to clients: what an answer gave as its next cursor. */
export const Cursor = (): PropertyDecorator =>
  applyDecorators(IsString(), Matches(/^[\w-]{1,1024}$/, { message: '$property is not one of ours' }));

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** A moment, in JSON in ISO 8601. */
export const Time = (): PropertyDecorator =>
  applyDecorators(
    ReadAs((value) => (typeof value === 'string' && ISO_TIME.test(value) ? new Date(value) : value)),
    ValidateBy({
      name: 'isTime',
      validator: {
        validate: (value) => isDate(value) && !Number.isNaN(value.getTime()),
        defaultMessage: () => '$property must be a time in ISO 8601',
      },
    }),
  );

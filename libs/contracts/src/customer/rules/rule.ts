import { registerDecorator } from 'class-validator';

import type { ErrorCode } from '../../problem/error-codes.js';

/**
 * A rule of one property. The constraint is named by the error code, so that a broken rule reads the same in an HTTP answer and in the
 * reason of a refused message.
 */
export function Rule(code: ErrorCode, message: string, holds: (value: unknown) => boolean): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: code,
      target: target.constructor,
      propertyName: String(propertyName),
      validator: { validate: (value: unknown) => holds(value), defaultMessage: () => message },
    });
  };
}

/** The property must be there. */
export function Required(code: ErrorCode, field: string): PropertyDecorator {
  return Rule(code, `${field} is required.`, (value) => value !== undefined);
}

/** A rule that speaks only about texts; what is no text breaks another rule. */
export function TextRule(code: ErrorCode, message: string, holds: (text: string) => boolean): PropertyDecorator {
  return Rule(code, message, (value) => typeof value !== 'string' || holds(value));
}

/** Absent or a text. */
export function Text(field: string): PropertyDecorator {
  return Rule('WRONG_TYPE', `${field} must be a string.`, (value) => value === undefined || typeof value === 'string');
}

import { GraphError, invalidParameter, missingParameter } from '../graphError.ts';
import { isObject, type JsonObject } from '../json.ts';

/** Checks of single parameters, refusing in the words of the Graph API. `path` is Meta's notation: `text['body']`. */

export function requireObject(value: unknown, path: string): JsonObject {
  if (value === undefined || value === null) throw missingParameter(path);
  if (!isObject(value)) throw new GraphError(100, { message: `(#100) Param ${path} must be a JSON object.` });
  return value;
}

export function requireList(value: unknown, path: string, min: number, max: number): unknown[] {
  if (value === undefined || value === null) throw missingParameter(path);
  if (!Array.isArray(value)) throw new GraphError(100, { message: `(#100) Param ${path} must be an array.` });
  if (value.length < min || value.length > max) {
    throw invalidParameter(`Param ${path} must have between ${min} and ${max} elements, has ${value.length}`);
  }
  return value;
}

/** Text of 1 to `max` characters. */
export function requireText(value: unknown, path: string, max: number): string {
  if (value === undefined || value === null || value === '') throw missingParameter(path);
  return checkText(value, path, max);
}

export function optionalText(value: unknown, path: string, max: number): string | undefined {
  return value === undefined || value === null ? undefined : checkText(value, path, max);
}

function checkText(value: unknown, path: string, max: number): string {
  if (typeof value !== 'string') throw new GraphError(100, { message: `(#100) Param ${path} must be a string.` });
  if ([...value].length > max) {
    throw new GraphError(100, { message: `(#100) Param ${path} must be at most ${max} characters long.` });
  }
  return value;
}

export function requireOneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  if (value === undefined || value === null) throw missingParameter(path);
  const found = allowed.find((each) => each === value);
  if (found === undefined) {
    const given = typeof value === 'string' ? value : typeof value;
    throw new GraphError(100, {
      message: `(#100) Param ${path} must be one of {${allowed.join(', ')}} - got "${given}".`,
    });
  }
  return found;
}

export function requireCoordinate(value: unknown, path: string, max: number): number {
  if (value === undefined || value === null) throw missingParameter(path);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || Math.abs(number) > max) {
    throw invalidParameter(`Param ${path} must be a number between -${max} and ${max}`);
  }
  return number;
}

export function refuseEqual(values: readonly string[], path: string): void {
  if (new Set(values).size !== values.length) throw invalidParameter(`Duplicate values in ${path}`);
}

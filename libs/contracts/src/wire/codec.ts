import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

import { publishedDeploymentId } from '../deployment/ids.js';
import { inspectJson, isJsonObject, type JsonObject } from '../json/inspect-json.js';
import { quoted, visible } from '../text/printable.js';
import { withData, withoutExtensions } from './cloud-event.js';
import { readJsonBytes } from '../json/json-bytes.js';
import type { Message, MessageOf } from '../message/message.js';
import { messageClasses, requestClasses } from './registry.js';
import { schemasOf } from './message-schemas.js';
import { repeatedNameProblems } from '../json/repeated-names.js';

export type Decoded =
  | { readonly ok: true; readonly type: string; readonly message: Message }
  | { readonly ok: false; readonly reason: string };

const maxBytes = 1024 * 1024;

// ajv-formats is CommonJS whose default export is nested when read as a module.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;
const ajv = new Ajv2020({ strict: false, allErrors: false });
addFormats(ajv, { mode: 'fast' });
const schemas = schemasOf(messageClasses);
const validators = new Map<string, ValidateFunction>();
const requestByType = new Map<string, (typeof requestClasses)[number]>(requestClasses.map((request) => [request.type, request]));

/** The bytes of a message. */
export function encode(message: Message): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/**
 * A message from its bytes, or why it is none. Requests, which strangers write, are held to their class's rules strictly; our own
 * events to the schema of their class, tolerantly: an unknown property is left alone, an unknown type is a reason.
 */
export function decode(body: Buffer): Decoded {
  if (body.length > maxBytes) return refused(`longer than ${maxBytes} bytes`);
  const read = readJsonBytes(body);
  if (!read.ok) return refused(read.reason);
  const json = read.value;
  if (!isJsonObject(json)) return refused('not a JSON object');
  const { type } = json;
  if (typeof type !== 'string') return refused('no type');
  const request = requestByType.get(type);
  if (request) {
    // Strangers' bodies only: JSON.parse has dropped all but the last value of such a name.
    const [repeated] = repeatedNameProblems(body);
    return repeated ? refused(`${type}: ${repeated.message}`) : decodeRequest(type, request, json);
  }
  const validate = validatorOf(type);
  if (!validate) return refused(`unknown message type ${quoted(type.slice(0, 128))}`);
  if (!validate(json)) return refused(`${type}: ${ajv.errorsText(validate.errors, { dataVar: 'message' })}`);
  return { ok: true, type, message: json as unknown as Message };
}

/** Compiled when the first message of a type comes: all of them at once would be a fifth of every service's start. */
function validatorOf(type: string): ValidateFunction | undefined {
  const schema = schemas.get(type);
  if (!schema) return undefined;
  const validator = validators.get(type) ?? ajv.compile(schema);
  validators.set(type, validator);
  return validator;
}

function decodeRequest(type: string, request: (typeof requestClasses)[number], json: JsonObject): Decoded {
  const read = withData(json);
  if (!read.ok) return refused(`${type}: ${read.reason}`);
  // Before class-transformer sees it: names such as `constructor` would end it or pass unseen.
  const [unsafe] = inspectJson(read.event);
  if (unsafe) return refused(`${type}: ${unsafe.field} ${unsafe.message}`);
  const message = plainToInstance<Message, object>(request, withSubject(withoutExtensions(read.event)));
  const errors = validateSync(
    message, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, validationError: { target: false, value: false } },
  );
  if (errors.length > 0) return refused(`${type}: ${errors.flatMap((error) => reasons(error, '')).join('; ')}`);
  return { ok: true, type, message };
}

/** Other systems need not know how deployment ids are made: theirs follows from their message's source and id. */
function withSubject(json: JsonObject): object {
  if ('subject' in json || typeof json.source !== 'string' || typeof json.id !== 'string') return json;
  return { ...json, subject: publishedDeploymentId(json.source, json.id) };
}

function reasons(error: ValidationError, path: string): string[] {
  const here = path ? `${path}.${error.property}` : error.property;
  return [...Object.values(error.constraints ?? {}).map((text) => `${here}: ${text}`), ...(error.children ?? []).flatMap((child) => reasons(child, here))];
}

const refused = (reason: string): Decoded => ({ ok: false, reason: visible(reason.slice(0, 1000)) });

/** What a builder fills in by itself. */
type Stamped = 'specversion' | 'type' | 'datacontenttype';

/** A message of a class, with the envelope's constants filled in. `id` and `time` are the caller's. */
export function messageOf<Class extends { readonly type: string }>(messageClass: Class, fields: Omit<MessageOf<Class>, Stamped>): MessageOf<Class> {
  return { specversion: '1.0', type: messageClass.type, datacontenttype: 'application/json', ...fields } as MessageOf<Class>;
}

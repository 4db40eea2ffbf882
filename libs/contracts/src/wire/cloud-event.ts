import type { JsonObject } from '../json/inspect-json.js';
import { readJsonBytes } from '../json/json-bytes.js';
import { repeatedNameProblems } from '../json/repeated-names.js';

export type EventRead = { readonly ok: true; readonly event: JsonObject } | { readonly ok: false; readonly reason: string };

const ownNames: ReadonlySet<string> = new Set(['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'traceparent', 'data']);
const extensionName = /^[a-z0-9]+$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** An event of somebody else with what means the same in one form: without what is null, which is unset, and with `data` where `data_base64` came. */
export function withData(json: JsonObject): EventRead {
  const { data_base64: encoded, ...event } = Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
  if (encoded === undefined) return { ok: true, event };
  if ('data' in event) return refused('data and data_base64 are both given');
  if (typeof encoded !== 'string' || !base64.test(encoded)) return refused('data_base64 is not base64');
  const bytes = Buffer.from(encoded, 'base64');
  const data = readJsonBytes(bytes);
  if (!data.ok) return refused(`data_base64 is ${data.reason}`);
  const [repeated] = repeatedNameProblems(bytes);
  return repeated ? refused(`in data_base64, ${repeated.message}`) : { ok: true, event: { ...event, data: data.value } };
}

/** The same without attributes of others' making: they are allowed, and mean nothing here. */
export function withoutExtensions(event: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([name, value]) => ownNames.has(name) || !isExtension(name, value)));
}

const isExtension = (name: string, value: unknown): boolean => (
  extensionName.test(name) && (typeof value === 'string' || typeof value === 'boolean' || Number.isInteger(value))
);
const refused = (reason: string): EventRead => ({ ok: false, reason });

import type { DeviceDefaults, DeviceLimits, TemplateKind } from '@trunkline/scripts';

/** Everything an operator tells a fresh installation: its SBCs, how to reach them, and its scripts. */
export interface Inventory {
  readonly sbcs: readonly InventorySbc[];
  readonly scriptTemplates: readonly InventoryScript[];
}

/** An SBC as the catalogue knows it: nothing in it is secret. */
export interface CatalogueSbc {
  readonly id: number;
  readonly ovocSbcId: number;
  readonly name: string;
  readonly fqdn: string;
  readonly address?: string;
  readonly region: string;
  readonly configurationTypes: readonly string[];
  readonly carriers: readonly string[];
  readonly proxySets: readonly string[];
  readonly cacProfiles: readonly string[];
}

/** How one SBC differs from what is known of all: what it has that was not given a parameter, and how much it takes. By table, then by parameter. */
export interface DeviceFacts {
  readonly defaults: DeviceDefaults;
  readonly limits: DeviceLimits;
}

export interface InventorySbc extends CatalogueSbc, DeviceFacts {
  readonly access: InventoryAccess;
}

/** How an SBC is reached, the password either here or in the environment. */
export interface InventoryAccess {
  /** Without a slash at the end and without `/api/v1`. */
  readonly baseUrl: string;
  readonly user: string;
  readonly password?: string;
  readonly passwordEnv?: string;
  readonly caFile?: string;
  readonly insecure: boolean;
}

/** How an SBC is reached, ready to use. Secret: never log it. */
export interface SbcAccess {
  readonly baseUrl: string;
  readonly user: string;
  readonly password: string;
  /** PEM file with the authority the device's certificate is checked against. */
  readonly caFile?: string;
  /** Skips the check of the certificate; for labs. */
  readonly insecure: boolean;
}

export const valueKinds = ['text', 'sbcName', 'region', 'carrier', 'cacProfile'] as const;
export type ValueKind = typeof valueKinds[number];

/** A variable a script declares; its place in the list is its number, from 1. */
export interface CustomerVariable {
  readonly name: string;
  readonly secret: boolean;
  readonly defaultValue?: string;
  readonly valueKind: ValueKind;
}

/** 0 other SBC script, 1 SBC onboarding, 2 SBC cleanup, 3 Microsoft 365 onboarding, 4 Microsoft 365 cleanup. */
export type ScriptType = 0 | 1 | 2 | 3 | 4;

export interface InventoryScript {
  readonly id: number;
  readonly name: string;
  readonly scriptType: ScriptType;
  readonly description?: string;
  /** The template's text, lines ending in LF. */
  readonly script: string;
  readonly customerVariables: readonly CustomerVariable[];
  readonly relatedScripts: readonly number[];
}

const kinds: Partial<Record<ScriptType, TemplateKind>> = { 0: 'other', 1: 'onboarding', 2: 'cleanup' };

/** What the check of a template needs to know about a script's type; undefined for scripts that are no SBC scripts. */
export function templateKind(scriptType: ScriptType): TemplateKind | undefined {
  return kinds[scriptType];
}

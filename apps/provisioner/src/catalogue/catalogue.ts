import type { SbcEntity } from './sbc.entity.js';
import type { ScriptTemplateEntity } from './script-template.entity.js';

/** Which numbers a request's `sbcId` uses. */
export type SbcIdSource = 'ump' | 'ovoc';

/** SBCs and scripts as they were at one time. */
export class Catalogue {
  private readonly sbcsById: ReadonlyMap<number, SbcEntity>;
  private readonly sbcsByOvocId: ReadonlyMap<number, SbcEntity>;
  private readonly scriptsById: ReadonlyMap<number, ScriptTemplateEntity>;

  constructor(sbcs: readonly SbcEntity[], scripts: readonly ScriptTemplateEntity[]) {
    this.sbcsById = new Map(sbcs.map((sbc) => [sbc.id, sbc]));
    this.sbcsByOvocId = new Map(sbcs.map((sbc) => [sbc.ovocSbcId, sbc]));
    this.scriptsById = new Map(scripts.map((script) => [script.id, script]));
  }

  /** By the id a request may use, as the installation has chosen: never by guess. */
  sbc(id: number, source: SbcIdSource): SbcEntity | undefined {
    return (source === 'ump' ? this.sbcsById : this.sbcsByOvocId).get(id);
  }

  script(id: number): ScriptTemplateEntity | undefined {
    return this.scriptsById.get(id);
  }
}

import type { Catalogue as InventoryCatalogue } from '@trunkline/inventory';
import type { Database } from '@trunkline/persistence';

import { Catalogue } from './catalogue.js';
import { SbcEntity } from './sbc.entity.js';
import { CustomerVariableEntity, ScriptTemplateEntity } from './script-template.entity.js';

/** SQL expression: the revision of the catalogue, as text. */
export const catalogueRevision = 'coalesce((SELECT revision FROM catalogue_revision), 0)::text';

/** Known SBCs, script templates and their variables. */
export class CatalogueRepository {
  private newest = 0n;
  private kept: Promise<Catalogue> | undefined;
  private keptRevision: bigint | undefined;

  constructor(private readonly database: Database) {}

  /** Says that a transaction has seen the catalogue at this revision; another one may have seen a later one before. */
  isAt(revision: string): void {
    const seen = BigInt(revision);
    if (/* safeguard: newest-revision */ seen > this.newest) this.newest = seen;
  }

  /** Asks for the revision: for work that no transaction of this process has taken in. */
  async look(): Promise<void> {
    const [row] = await this.database.run<{ revision: string }>({ name: 'catalogue-revision', text: `SELECT ${catalogueRevision} AS revision`, values: [] });
    if (row) this.isAt(row.revision);
  }

  /** The catalogue, kept in memory while its revision is the one that was seen last. */
  async current(): Promise<Catalogue> {
    const { newest } = this;
    if (!this.kept || this.keptRevision !== newest) {
      this.keptRevision = newest;
      const kept = this.load();
      this.kept = kept;
      kept.catch(() => { if (this.kept === kept) this.kept = undefined; });
    }
    return this.kept;
  }

  /** Adds what is missing; what is there is the operators' and is never overwritten. Safe to run in several processes at once. */
  async addMissing({ sbcs, scriptTemplates }: InventoryCatalogue): Promise<void> {
    await this.database.dataSource.transaction(async (manager) => {
      // Asked first: who inserts raises the revision, and would wait for an operator who is editing.
      const known = new Set((await manager.find(SbcEntity, { select: { id: true } })).map(({ id }) => id));
      const newSbcs = sbcs.filter(({ id }) => !known.has(id));
      if (newSbcs.length > 0) await manager.createQueryBuilder().insert().into(SbcEntity).orIgnore().values(newSbcs.map((sbc) => ({
        ...sbc, address: sbc.address ?? null, configurationTypes: [...sbc.configurationTypes], carriers: [...sbc.carriers], proxySets: [...sbc.proxySets],
        cacProfiles: [...sbc.cacProfiles],
      }))).execute();
      const knownScripts = new Set((await manager.find(ScriptTemplateEntity, { select: { id: true } })).map(({ id }) => id));
      for (const script of scriptTemplates.filter(({ id }) => !knownScripts.has(id))) {
        const { raw } = await manager.createQueryBuilder().insert().into(ScriptTemplateEntity).orIgnore().values({
          id: script.id, name: script.name, scriptType: script.scriptType, description: script.description ?? null, script: script.script,
          relatedScripts: [...script.relatedScripts],
        }).returning('id').execute() as { raw: unknown[] };
        if (raw.length === 0 || script.customerVariables.length === 0) continue;
        await manager.createQueryBuilder().insert().into(CustomerVariableEntity).values(script.customerVariables.map((variable, index) => ({
          scriptId: script.id, sequence: index + 1, name: variable.name, isSecret: variable.secret, defaultValue: variable.defaultValue ?? null,
          valueKind: variable.valueKind,
        }))).execute();
      }
    });
  }

  listSbcs(): Promise<SbcEntity[]> {
    return this.database.dataSource.getRepository(SbcEntity).find({ order: { id: 'ASC' } });
  }

  listScripts(): Promise<ScriptTemplateEntity[]> {
    return this.database.dataSource.getRepository(ScriptTemplateEntity).find({ relations: { customerVariables: true }, order: { id: 'ASC', customerVariables: { sequence: 'ASC' } } });
  }

  private async load(): Promise<Catalogue> {
    const [sbcs, scripts] = await Promise.all([this.listSbcs(), this.listScripts()]);
    return new Catalogue(sbcs, scripts);
  }
}

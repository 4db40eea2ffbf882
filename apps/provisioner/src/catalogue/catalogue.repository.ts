import type { Catalogue as InventoryCatalogue } from '@trunkline/inventory';
import type { Database } from '@trunkline/persistence';

import { SbcEntity } from './sbc.entity.js';
import { CustomerVariableEntity, ScriptTemplateEntity } from './script-template.entity.js';

/** Which numbers a request's `sbcId` uses. */
export type SbcIdSource = 'ump' | 'ovoc';

/** Known SBCs, script templates and their variables. */
export class CatalogueRepository {
  constructor(private readonly database: Database) {}

  /** Adds what is missing; what is there is the operators' and is never overwritten. Safe to run in several processes at once. */
  async addMissing({ sbcs, scriptTemplates }: InventoryCatalogue): Promise<void> {
    await this.database.dataSource.transaction(async (manager) => {
      await manager.createQueryBuilder().insert().into(SbcEntity).orIgnore().values(sbcs.map((sbc) => ({
        ...sbc, address: sbc.address ?? null, configurationTypes: [...sbc.configurationTypes], carriers: [...sbc.carriers], proxySets: [...sbc.proxySets],
        cacProfiles: [...sbc.cacProfiles],
      }))).execute();
      for (const script of scriptTemplates) {
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

  /** By the id a request may use, as the installation has chosen: never by guess. */
  findSbc(id: number, source: SbcIdSource): Promise<SbcEntity | null> {
    return this.database.dataSource.getRepository(SbcEntity).findOneBy(source === 'ump' ? { id } : { ovocSbcId: id });
  }

  listScripts(): Promise<ScriptTemplateEntity[]> {
    return this.database.dataSource.getRepository(ScriptTemplateEntity).find({ relations: { customerVariables: true }, order: { id: 'ASC', customerVariables: { sequence: 'ASC' } } });
  }

  findScript(id: number): Promise<ScriptTemplateEntity | null> {
    return this.database.dataSource.getRepository(ScriptTemplateEntity).findOne({
      where: { id }, relations: { customerVariables: true }, order: { customerVariables: { sequence: 'ASC' } },
    });
  }
}

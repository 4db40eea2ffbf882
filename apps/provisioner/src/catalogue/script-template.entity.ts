import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryColumn } from 'typeorm';

/** A script as operators keep it. `version` grows with every edit; deployments pin text and version. */
@Entity({ name: 'script_template' })
export class ScriptTemplateEntity {
  @PrimaryColumn({ type: 'integer' })
  id: number;

  @Column({ type: 'integer', default: 1 })
  version: number;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'integer', name: 'script_type' })
  scriptType: number;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column({ type: 'text' })
  script: string;

  @Column({ type: 'integer', array: true, name: 'related_scripts' })
  relatedScripts: number[];

  @OneToMany(() => CustomerVariableEntity, (variable) => variable.script)
  customerVariables: CustomerVariableEntity[];
}

/** A variable a script declares; `sequence` is the N of `CustomVar.Variable<N>`. */
@Entity({ name: 'customer_variable' })
export class CustomerVariableEntity {
  @PrimaryColumn({ type: 'integer', name: 'script_id' })
  scriptId: number;

  @PrimaryColumn({ type: 'integer' })
  sequence: number;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'boolean', name: 'is_secret' })
  isSecret: boolean;

  @Column({ type: 'text', nullable: true, name: 'default_value' })
  defaultValue: string | null;

  @Column({ type: 'text', name: 'value_kind' })
  valueKind: string;

  @ManyToOne(() => ScriptTemplateEntity, (script) => script.customerVariables)
  @JoinColumn({ name: 'script_id' })
  script: ScriptTemplateEntity;
}

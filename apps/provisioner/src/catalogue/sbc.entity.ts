import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An SBC customers can be placed on. How it is reached is the agent's alone. */
@Entity({ name: 'sbc' })
export class SbcEntity {
  @PrimaryColumn({ type: 'integer' })
  id: number;

  @Column({ type: 'integer', name: 'ovoc_sbc_id' })
  ovocSbcId: number;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  fqdn: string;

  @Column({ type: 'text', nullable: true })
  address: string | null;

  @Column({ type: 'text' })
  region: string;

  @Column({ type: 'text', array: true, name: 'configuration_types' })
  configurationTypes: string[];

  @Column({ type: 'text', array: true })
  carriers: string[];

  @Column({ type: 'text', array: true, name: 'proxy_sets' })
  proxySets: string[];

  @Column({ type: 'text', array: true, name: 'cac_profiles' })
  cacProfiles: string[];
}

import { Column, CreateDateColumn, DataSource, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

import { settings } from './settings.js';

export const states = ['TenantValid', 'Created', 'Programmed', 'Deployed'] as const;
export type State = (typeof states)[number];

@Entity()
export class Deployment {
  @PrimaryColumn('uuid') id: string;
  @Column('text') shortName: string;
  @Column('uuid') msTenantId: string;
  @Column('text') state: State;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
}

@Entity()
export class Customer {
  @PrimaryColumn('uuid') id: string;
  @Index({ unique: true }) @Column('text') shortName: string;
  @Column('text') fullName: string;
  @Column('uuid') msTenantId: string;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
}

@Entity()
export class Site {
  @PrimaryColumn('uuid') id: string;
  @Index() @Column('uuid') customerId: string;
  @Index() @Column('integer') sbcId: number;
  @Column('integer') scriptId: number;
}

@Entity()
export class SbcSite {
  @PrimaryColumn('uuid') siteId: string;
  @Column('integer') sbcId: number;
  @Column('text') ipGroup: string;
}

@Entity()
export class OvocSite {
  @PrimaryColumn('uuid') siteId: string;
  @Column('integer') lcCustomerId: number;
  @Column('integer') serviceId: number;
  @Column('integer') ovocSiteId: number;
  @Column('integer') linkId: number;
}

/** The first of the processes makes the tables. */
export function openDatabase(service: string): Promise<DataSource> {
  return new DataSource({
    type: 'postgres', url: settings.databaseUrl, applicationName: `baseline-${service}`, poolSize: 10, synchronize: service === 'tenants',
    entities: [Deployment, Customer, Site, SbcSite, OvocSite],
  }).initialize();
}

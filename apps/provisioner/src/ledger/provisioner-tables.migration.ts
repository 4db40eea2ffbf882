import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ProvisionerTables1764000002000 implements MigrationInterface {
  readonly name = 'ProvisionerTables1764000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sbc (
        id integer PRIMARY KEY,
        ovoc_sbc_id integer NOT NULL UNIQUE,
        name text NOT NULL,
        fqdn text NOT NULL,
        address text,
        region text NOT NULL,
        configuration_types text[] NOT NULL,
        carriers text[] NOT NULL,
        proxy_sets text[] NOT NULL,
        cac_profiles text[] NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE script_template (
        id integer PRIMARY KEY,
        version integer NOT NULL DEFAULT 1,
        name text NOT NULL,
        script_type integer NOT NULL,
        description text,
        script text NOT NULL,
        related_scripts integer[] NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE customer_variable (
        script_id integer NOT NULL REFERENCES script_template (id) ON DELETE CASCADE,
        sequence integer NOT NULL,
        name text NOT NULL,
        is_secret boolean NOT NULL,
        default_value text,
        value_kind text NOT NULL,
        PRIMARY KEY (script_id, sequence)
      )`);
    await runner.query(`
      CREATE TABLE deployment (
        id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('create', 'delete')),
        customer_guid uuid NOT NULL,
        site_guid uuid NOT NULL,
        provider text NOT NULL,
        caller text NOT NULL,
        short_name text NOT NULL,
        fingerprint text,
        origins text[] NOT NULL,
        state text NOT NULL,
        round integer NOT NULL,
        due_at timestamptz,
        redrives integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        completed_at timestamptz
      )`);
    await runner.query('CREATE INDEX deployment_customer ON deployment (customer_guid)');
    await runner.query('CREATE INDEX deployment_due ON deployment (due_at) WHERE due_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE deployment_event (
        deployment_id uuid NOT NULL REFERENCES deployment (id),
        event_id text NOT NULL,
        type text NOT NULL,
        body text NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (deployment_id, event_id)
      )`);
    await runner.query(`
      CREATE TABLE customer (
        guid uuid PRIMARY KEY,
        deployment_id uuid NOT NULL REFERENCES deployment (id),
        provider text NOT NULL,
        short_name text NOT NULL,
        full_name text NOT NULL,
        license_type integer NOT NULL,
        ms_tenant_id uuid NOT NULL,
        ovoc_customer_type text NOT NULL,
        channel_id integer,
        lc_customer_id integer,
        sbc_id integer NOT NULL REFERENCES sbc (id),
        created_at timestamptz NOT NULL DEFAULT now(),
        closed_at timestamptz
      )`);
    await runner.query('CREATE UNIQUE INDEX customer_name_in_tenant ON customer (provider, ms_tenant_id, lower(short_name)) WHERE closed_at IS NULL');
    // Rows on a device are shared by all providers.
    await runner.query('CREATE UNIQUE INDEX customer_name_on_sbc ON customer (sbc_id, lower(short_name)) WHERE closed_at IS NULL');
    await runner.query(`
      CREATE TABLE site_location (
        guid uuid PRIMARY KEY,
        customer_guid uuid NOT NULL REFERENCES customer (guid),
        name text NOT NULL,
        sbc_id integer NOT NULL REFERENCES sbc (id),
        configuration_type text NOT NULL,
        onboarding_script_id integer NOT NULL,
        onboarding_script_version integer NOT NULL,
        cleanup_script_id integer NOT NULL,
        cleanup_script_version integer NOT NULL
      )`);
    await runner.query('CREATE INDEX site_location_customer ON site_location (customer_guid)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['site_location', 'customer', 'deployment_event', 'deployment', 'customer_variable', 'script_template', 'sbc']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

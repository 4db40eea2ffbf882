import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['sbc', 'script_template', 'customer_variable'];

/** A number that grows with every change of the catalogue, by whom and by what session ever: provisioners keep the catalogue in memory. */
export class CatalogueRevision1764000013000 implements MigrationInterface {
  readonly name = 'CatalogueRevision1764000013000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE catalogue_revision (revision bigint NOT NULL, is_single boolean PRIMARY KEY DEFAULT true CHECK (is_single))');
    await runner.query('INSERT INTO catalogue_revision (revision) VALUES (1)');
    // Of its owner, and with the owner's search path: an operator's session has others.
    await runner.query(`
      CREATE FUNCTION raise_catalogue_revision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
      BEGIN
        INSERT INTO catalogue_revision AS current (revision) VALUES (1) ON CONFLICT (is_single) DO UPDATE SET revision = current.revision + 1;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE FUNCTION raise_script_version() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.version := OLD.version + 1;
        RETURN NEW;
      END $$`);
    for (const table of tables) {
      await runner.query(`
        CREATE TRIGGER catalogue_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_revision()`);
    }
    await runner.query(`
      CREATE TRIGGER script_version BEFORE UPDATE ON script_template FOR EACH ROW
      WHEN (NEW.script IS DISTINCT FROM OLD.script AND NEW.version = OLD.version) EXECUTE FUNCTION raise_script_version()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER script_version ON script_template');
    for (const table of tables) await runner.query(`DROP TRIGGER catalogue_revision ON ${table}`);
    await runner.query('DROP FUNCTION raise_script_version()');
    await runner.query('DROP FUNCTION raise_catalogue_revision()');
    await runner.query('DROP TABLE catalogue_revision');
  }
}

// Starts a server with the options in the first argument, says so in one line of JSON, and stops it when standard input ends.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
const { serviceRoles, startEmbeddedPostgres } = await import('../src/index.ts');

try {
  const server = await startEmbeddedPostgres(JSON.parse(process.argv[2]));
  const urls = Object.fromEntries(serviceRoles.map((role) => [role, server.url(role)]));
  process.stdout.write(`${JSON.stringify({ pid: server.pid, port: server.port, superuserUrl: server.superuserUrl, urls })}\n`);
  process.stdin.resume().once('end', () => { void server.stop().then(() => process.exit(0)); });
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
  process.exitCode = 1;
}

/**
 * Where RabbitMQ comes from, the best first; the caller takes the first that works. A URL that was given is the only choice there is.
 * Facts: `amqpUrl`, `isDockerUsable` (an engine answers and has compose), `isInstalled` (the packages are on the machine), `isUnpacked`
 * (an earlier run unpacked them), `hasApt`. None of the choices changes the machine: nothing is installed, for root neither.
 */
export function brokerChoices({ amqpUrl, hasApt, isDockerUsable, isInstalled, isUnpacked }) {
  if (amqpUrl) return ['given'];
  const choices = [];
  if (isDockerUsable) choices.push('docker');
  if (isInstalled) choices.push('installed');
  if (isUnpacked) choices.push('unpacked');
  else if (hasApt && !isInstalled) choices.push('unpack');
  return choices;
}

/** Where PostgreSQL comes from. The embedded server is the only one we start: there is no second launcher. */
export function databaseChoice({ databaseUrl }) {
  return databaseUrl ? 'given' : 'embedded';
}

/** What to do when there is no way to a broker, or none worked: `failures` has a line for each that was tried. */
export function noBrokerMessage(failures) {
  const tried = failures.length === 0
    ? 'There is no way to start RabbitMQ here: no Docker engine answers, and this is no Debian or Ubuntu system.'
    : `RabbitMQ could not be started:\n${failures.map((failure) => `  - ${failure}`).join('\n')}`;
  return `${tried}\nStart one (Docker, or the package rabbitmq-server), or set AMQP_URL to one that runs, such as AMQP_URL=amqp://user:password@127.0.0.1:5672`;
}

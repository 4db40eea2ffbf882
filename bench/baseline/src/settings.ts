/** From the environment; see the contender that starts these processes. */
export const settings = {
  amqpUrl: required('AMQP_URL'),
  queuePrefix: required('QUEUE_PREFIX'),
  databaseUrl: required('DATABASE_URL'),
  microsoftUrl: required('MICROSOFT_BASE_URL'),
  ovocUrl: required('OVOC_BASE_URL'),
  ovocTenantId: 1,
  /** Address by the SBC's id. */
  sbcUrls: JSON.parse(required('SBC_URLS')) as Readonly<Record<string, string>>,
};

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

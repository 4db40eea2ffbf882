import { blocks } from '../microsoft/directory.js';
import { isGuid } from '../microsoft/failures.js';
import { json } from '../peer/answer.js';
import { BadRequest, type ControlRoutes } from './control-server.js';
import { Fields } from './fields.js';
import type { World } from './world.js';

/** The Microsoft tenants there are. */
export function tenantRoutes({ directory }: World): ControlRoutes {
  return {
    'GET /microsoft/tenants': () => json(200, directory.all),
    'POST /microsoft/tenants': ({ body }) => {
      const fields = new Fields(body, ['tenantId', 'displayName', 'defaultDomainName', 'cloud', 'blocked']);
      const tenantId = fields.requiredText('tenantId').toLowerCase();
      if (!isGuid(tenantId)) throw new BadRequest('tenantId must be a GUID');
      const blocked = fields.oneOf('blocked', blocks);
      const tenant = {
        tenantId,
        displayName: fields.text('displayName') ?? 'Added Company',
        defaultDomainName: fields.text('defaultDomainName') ?? `${tenantId.slice(0, 8)}.example.com`,
        cloud: fields.oneOf('cloud', ['public', 'usgov']) ?? 'public',
        ...(blocked === undefined ? {} : { blocked }),
      };
      directory.add(tenant);
      return json(201, tenant);
    },
    'DELETE /microsoft/tenants/{id}': ({ names: [id = ''] }) => {
      if (!directory.remove(id.toLowerCase())) throw new BadRequest(`there is no tenant ${id}`, 404);
      return json(200, {});
    },
  };
}

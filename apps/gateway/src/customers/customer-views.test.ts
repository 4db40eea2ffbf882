import type { CustomerView } from '@trunkline/contracts';
import { ownerMark } from '@trunkline/scripts';
import { describe, expect, it } from 'vitest';

import { briefV2, customerV2, customerV3 } from './customer-views.js';

const customer: CustomerView = {
  customerGuid: 'c9c9c9c9-0000-4000-8000-000000000001', shortName: 'Northwind7', fullName: 'Northwind Traders Ltd', licenseType: 0, msTenantId: 't', ovocCustomerType: 'IPGROUP_TYPE', channelId: null, lcCustomerId: null,
  sites: [{ siteGuid: 's', name: 'Northwind7', sbcId: 3, sbcDeploymentState: 'Deployed', sbcConfigurationType: 'SipTrunk' }],
};

const mark = ownerMark(customer.customerGuid);

describe('a customer', () => {
  it('is brief in the v2 list', () => {
    expect(briefV2(customer)).toEqual({ Id: customer.customerGuid, ShortName: 'Northwind7', FullName: 'Northwind Traders Ltd', LicenseType: 0 });
  });

  it('has its sites in v2', () => {
    expect(customerV2(customer)).toEqual({ ...briefV2(customer), OwnerMark: mark, SiteLocation: [{ id: 's', name: 'Northwind7', sbcId: 3, sbcDeploymentState: 'Deployed' }] });
  });

  it('has its sites in v3 only with all details', () => {
    const brief = {
      UmpCustomerGuid: customer.customerGuid, CustomerShortName: 'Northwind7', CustomerFullName: 'Northwind Traders Ltd', LicenseType: 0, LicensedUsersCount: null, MsTenantId: 't',
      ActiveUserCount: 0, LiveHubActiveUsersCount: null, LiveHubSimpleUsersCount: null,
    };
    expect(customerV3(customer, false)).toEqual(brief);
    expect(customerV3(customer, true)).toEqual(
      { ...brief, OwnerMark: mark, SiteLocation: [{ id: 's', name: 'Northwind7', sbcId: 3, sbcDeploymentState: 'Deployed', sbcConfigurationType: 'SipTrunk' }] },
    );
  });
});

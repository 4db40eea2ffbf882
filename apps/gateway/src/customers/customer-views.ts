import type { CustomerBrief, CustomerView } from '@trunkline/contracts';
import { ownerMark } from '@trunkline/scripts';

/** An element of the v2 list. */
export function briefV2({ customerGuid, fullName, licenseType, shortName }: CustomerBrief): object {
  return { Id: customerGuid, ShortName: shortName, FullName: fullName, LicenseType: licenseType };
}

export function customerV2(customer: CustomerView): object {
  return {
    ...briefV2(customer),
    OwnerMark: ownerMark(customer.customerGuid),
    SiteLocation: customer.sites.map(({ name, sbcDeploymentState, sbcId, siteGuid }) => ({ id: siteGuid, name, sbcId, sbcDeploymentState })),
  };
}

/** What only the larger licences count stands there all the same, as the contract shows it. */
export function customerV3(customer: CustomerView, allDetails: boolean): object {
  return {
    UmpCustomerGuid: customer.customerGuid,
    CustomerShortName: customer.shortName,
    CustomerFullName: customer.fullName,
    LicenseType: customer.licenseType,
    LicensedUsersCount: null,
    MsTenantId: customer.msTenantId,
    ActiveUserCount: 0,
    LiveHubActiveUsersCount: null,
    LiveHubSimpleUsersCount: null,
    ...(allDetails
      ? {
          OwnerMark: ownerMark(customer.customerGuid),
          SiteLocation: customer.sites.map(({ name, sbcConfigurationType, sbcDeploymentState, sbcId, siteGuid }) => (
            { id: siteGuid, name, sbcId, sbcDeploymentState, sbcConfigurationType }
          )),
        }
      : {}),
  };
}

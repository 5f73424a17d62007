/** Applications of Microsoft that are in every directory, by their well-known ids; nobody in the company created them. */

import { GRAPH_APP_ID, GRAPH_ROLES, GRAPH_SCOPES, OTHER_PERMISSIONS, type Permission } from './permissions.js';
import { createPrincipal, type Principal, permissionRole, permissionScope } from './principal-shape.js';
import type { Random } from './random.js';

/** The tenant in which Microsoft's own applications are registered. */
export const MICROSOFT_TENANT = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';
/** The command line client of Microsoft Graph. */
export const GRAPH_TOOLS = '14d82eec-204b-4c2f-b7e8-296a70dab67e';
/** Where mailboxes are. */
export const EXCHANGE_ONLINE = '00000002-0000-0ff1-ce00-000000000000';
/** Where sites are. */
export const SHAREPOINT_ONLINE = '00000003-0000-0ff1-ce00-000000000000';
/** The clients of Microsoft Teams: the installed one and the one in the browser. */
export const TEAMS = '1fec8e78-bce4-4aaf-ab1b-5451cc387264';
export const TEAMS_WEB = '5e3ce6c0-2b1f-4285-8d4b-75ee78787346';

/** The ones that matter first; a small directory has only the first ones. */
const APPLICATIONS = `${GRAPH_APP_ID} Microsoft Graph
${EXCHANGE_ONLINE} Office 365 Exchange Online
${SHAREPOINT_ONLINE} Office 365 SharePoint Online
00000002-0000-0000-c000-000000000000 Windows Azure Active Directory
797f4846-ba00-4fd7-ba43-dac1f8f63013 Windows Azure Service Management API
${GRAPH_TOOLS} Microsoft Graph Command Line Tools
c44b4083-3bb0-49c1-b47d-974e53cbdf3c Azure Portal
04b07795-8ddb-461a-bbee-02f9e1bf7b46 Microsoft Azure CLI
1950a258-227b-4e31-a9cf-717495945fc2 Microsoft Azure PowerShell
${TEAMS} Microsoft Teams
${TEAMS_WEB} Microsoft Teams Web Client
cc15fd57-2c6c-4117-a88c-83b1d56b4bbe Microsoft Teams Services
d3590ed6-52b3-4102-aeff-aad2292ab01c Microsoft Office
00000006-0000-0ff1-ce00-000000000000 Microsoft Office 365 Portal
0000000c-0000-0000-c000-000000000000 Microsoft App Access Panel
29d9ed98-a469-4536-ade2-f981bc1d605e Microsoft Authentication Broker
ab9b8c07-8f02-4f72-87fa-80105867a763 OneDrive SyncEngine
00000004-0000-0ff1-ce00-000000000000 Skype for Business Online
00000009-0000-0000-c000-000000000000 Power BI Service
00000007-0000-0000-c000-000000000000 Dataverse
93625bc8-bfe2-437a-97e0-3d0060024faa Microsoft password reset service
981f26a1-7f43-403b-a875-f8b09b8cd720 Azure Multi-Factor Auth Client
89bee1f7-5e6e-4d8a-9f3d-ecd601259da7 Office365 Shell WCSS-Client
4345a7b9-9a63-4910-a426-35363201d503 O365 Suite UX
4765445b-32c6-49b0-83e6-1d93765276ca OfficeHome
2d4d3d8e-2be3-4bef-9f87-7875a61c29de OneNote
27922004-5251-4030-b22d-91ecd9a37ea4 Outlook Mobile
c9a559d2-7aab-4f13-a6ed-e7e9c52aec87 Microsoft Forms
00000005-0000-0ff1-ce00-000000000000 Yammer
871c010f-5e61-4fb1-83ac-98610a7e9110 Microsoft Power BI
3090ab82-f1c1-4cdf-af2c-5d7a6f3e2cc7 Microsoft Defender for Cloud Apps
a3b79187-70b2-4139-83f9-6016c58cd27b WindowsDefenderATP Portal
7b7531ad-5926-4f2d-8a1d-38495ad33e17 Azure Advanced Threat Protection
74bcdadc-2fdc-4bb3-8459-76d06952a0e9 Microsoft Intune Web Company Portal
0000000a-0000-0000-c000-000000000000 Microsoft Intune
00000007-0000-0ff1-ce00-000000000000 Microsoft Exchange Online Protection
66a88757-258c-4c72-893c-3e8bed4d6899 Office 365 Search Service
00b41c95-dab0-4487-9791-b9d2c32c80f2 Office 365 Management
94c63fef-13a3-47bc-8074-75af8c65887a Office Delve
95de633a-083e-42f5-b444-a4295d8e9314 Microsoft Whiteboard Services
cf53fce8-def6-4aeb-8d30-b158e7b1cf83 Microsoft Stream Portal
905fcf26-4eb7-48a0-9ff0-8dcc7194b5ba Sway
60c8bde5-3167-4f92-8fdb-059f6176dc0f Enterprise Roaming and Backup
65d91a3d-ab74-42e6-8a2f-0add61688c74 Microsoft Approval Management
98db8bd6-0cc0-4e67-9de5-f187f1cd1b41 Microsoft Substrate Management
08e18876-6177-487e-b8b5-cf950c1e598c SharePoint Online Web Client Extensibility
67e3df25-268a-4324-a550-0de1c7f97287 Microsoft Office Web Apps Service
243c63a3-247d-41c5-9d83-7788c43f1c43 Office Online Core SSO
cf36b471-5b44-428c-9ce7-313bf84528de Microsoft Bing Search
18fbca16-2224-45f6-85b0-f7bf2b39b3f3 Microsoft Docs
ee272b19-4411-433f-8f28-5c13cb6fd407 Microsoft 365 Support Service
fdf9885b-dd37-42bf-82e5-c3129ef5a302 Microsoft Support
37182072-3c9c-4f6a-a4b3-b3f91cacffce AzureSupportCenter
26a7ee05-5602-4d76-a7ba-eae8b7b67941 Windows Search
00000015-0000-0000-c000-000000000000 Microsoft Dynamics ERP
e64aa8bc-8eb4-40e2-898b-cf261a25954f CRM Power BI Integration
ffcb16e8-f789-467c-8ce9-f826a080d987 SharedWithMe
b4bddae8-ab25-483e-8670-df09b9f1d0ea Signup
0f698dd4-f011-4d23-a33e-b36416dcb1e6 OfficeClientService
c1c74fed-04c9-4704-80dc-9f79a2e515cb Yammer Web`
  .split('\n')
  .map((line) => ({ appId: line.slice(0, 36), name: line.slice(37) }));

/** Other names under which a resource is known; every service principal is also known by its appId. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  [GRAPH_APP_ID]: ['https://graph.microsoft.com', 'https://graph.microsoft.com/', 'https://canary.graph.microsoft.com'],
  [EXCHANGE_ONLINE]: ['https://outlook.office365.com/', 'https://outlook.office.com/'],
  [SHAREPOINT_ONLINE]: ['https://microsoft.sharepoint-df.com'],
  '00000002-0000-0000-c000-000000000000': ['https://graph.windows.net', 'https://graph.windows.net/'],
  '797f4846-ba00-4fd7-ba43-dac1f8f63013': ['https://management.azure.com/', 'https://management.core.windows.net/'],
};

/** The service principals of the first `count` applications, or of all of them. */
export function createFirstParty(random: Random, count: number): Principal[] {
  return APPLICATIONS.slice(0, count).map(({ appId, name }) => {
    const roles = permissionsOf(appId, 'Role').map(permissionRole);
    const scopes = permissionsOf(appId, 'Scope').map(permissionScope);
    return createPrincipal(random, {
      appId,
      name,
      roles,
      scopes,
      more: {
        appOwnerOrganizationId: MICROSOFT_TENANT,
        servicePrincipalNames: [appId, ...(OTHER_NAMES[appId] ?? [])],
        signInAudience: 'AzureADMultipleOrgs',
      },
    });
  });
}

function permissionsOf(appId: string, type: Permission['type']): readonly Permission[] {
  const all = appId === GRAPH_APP_ID ? [...GRAPH_ROLES, ...GRAPH_SCOPES] : (OTHER_PERMISSIONS[appId] ?? []);
  return all.filter((permission) => permission.type === type);
}

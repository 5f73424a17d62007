/** Permissions of Microsoft Graph and other services of Microsoft that the generated applications use, by their true ids. */

/** One permission: a role is for applications on their own, a scope for what they do on behalf of a person. */
export interface Permission {
  readonly id: string;
  readonly type: 'Role' | 'Scope';
  readonly value: string;
  readonly effect: string;
  /** Whether only an administrator may consent. */
  readonly isSensitive: boolean;
}

/** The application id of Microsoft Graph. */
export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

/** What applications may do on their own. */
export const GRAPH_ROLES: readonly Permission[] = read(
  'Role',
  `df021288-bdef-4463-88db-98f22de89214 User.Read.All See every user
741f803b-c850-494e-b5df-cde7c675a1ca User.ReadWrite.All Change every user
5b567255-7703-4780-807c-7be8301ae99b Group.Read.All See every group
62a82d76-70ea-41e2-9197-370581804d09 Group.ReadWrite.All Change every group
98830695-27a2-44f7-8c18-0c3ebc9698f6 GroupMember.Read.All See who is in a group
dbaae8cf-10b5-4b86-a4a1-f871c94c6695 GroupMember.ReadWrite.All Change who is in a group
7ab1d382-f21e-4acd-a863-ba3e13f7da61 Directory.Read.All See everything in the directory
19dbc75e-c2e2-444c-a770-ec69d8559fc7 Directory.ReadWrite.All Change nearly everything in the directory
9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30 Application.Read.All See every application
1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9 Application.ReadWrite.All Change every application
06b708a9-e830-4db3-a914-8e69da51d44f AppRoleAssignment.ReadWrite.All Give permissions to applications
483bed4a-2ad3-4361-a73b-c83ccdbdc53c RoleManagement.Read.Directory See who holds directory roles
9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8 RoleManagement.ReadWrite.Directory Decide who holds directory roles
246dd0d5-5bd0-4def-940b-0421030a5b68 Policy.Read.All See every policy
01c0a623-fc9b-48e9-b794-0756f8e8f067 Policy.ReadWrite.ConditionalAccess Change Conditional Access
29c18626-4985-4dcd-85c0-193eef327366 Policy.ReadWrite.AuthenticationMethod Change how people sign in
b0afded3-3588-46d8-8b3d-9842eff778da AuditLog.Read.All See the audit logs
230c1aed-a721-4c5d-9cb4-a90514e508ef Reports.Read.All See the usage reports
498476ce-e0fe-48b0-b801-37ba7e2685c6 Organization.Read.All See the settings of the organization
7438b122-aefc-4978-80ed-43db9fcc7715 Device.Read.All See every device
810c84a8-4a9e-49e6-bf7d-12d183f40d01 Mail.Read Read mail in every mailbox
e2a3a72e-5f79-4c64-b1b1-878b674786c9 Mail.ReadWrite Change mail in every mailbox
b633e1c5-b582-4048-a93e-9f11b44c7e96 Mail.Send Send mail as anyone
798ee544-9d2d-430c-a058-570e29e34338 Calendars.Read Read every calendar
01d4889c-1287-42c6-ac1f-5d1e02578ef6 Files.Read.All Read every file
332a536c-c7ef-4017-ab91-336970924f0d Sites.Read.All Read every site
bf394140-e372-4bf9-a898-299cfc7564e5 SecurityEvents.Read.All See security events`,
);

/** What applications may do for the person who uses them; an exclamation mark means that an administrator must agree. */
export const GRAPH_SCOPES: readonly Permission[] = read(
  'Scope',
  `e1fe6dd8-ba31-4d61-89e7-88639da4683d User.Read Sign in and see the own profile
b340eb25-3456-403f-be2f-af7a0d370277 User.ReadBasic.All See the names of other people
a154be20-db9c-4678-8ab7-66f6cc099a59 User.Read.All! See every user
204e0828-b5ca-4ad8-b9f3-f32a958e7cc4 User.ReadWrite.All! Change every user
37f7f235-527c-4136-accd-4a02d197296e openid Sign in
14dad69e-099b-42c9-810b-d002981feec1 profile See the basic profile
64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0 email See the mail address
7427e0e9-2fba-42fe-b0c0-848c9e6a8182 offline_access Keep the access until it is taken away
5f8c59db-677d-491f-a6b8-5f174b11ec1d Group.Read.All! See every group
bc024368-1153-4739-b217-4326f2e966d0 GroupMember.Read.All! See who is in a group
4e46008b-f24c-477d-8fff-7bb4ec7aafe0 Group.ReadWrite.All! Change every group
06da0dbc-49e2-44d2-8312-53f166ab848a Directory.Read.All! See everything in the directory
c5366453-9fb0-48a5-a156-24f0c49a4b84 Directory.ReadWrite.All! Change nearly everything in the directory
0e263e50-5827-48a4-b97c-d940288653c7 Directory.AccessAsUser.All! Do in the directory what the person may do
bdfbf15f-ee85-4955-8675-146e8e5296b5 Application.ReadWrite.All! Change every application
572fea84-0151-49b2-9301-11cb16974376 Policy.Read.All! See every policy
e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20 AuditLog.Read.All! See the audit logs
570282fd-fa5c-430d-a7fd-fc8dc98a9dca Mail.Read Read the own mail
024d486e-b451-40bb-833d-3e66d98c5c73 Mail.ReadWrite Change the own mail
e383f46e-2787-4529-855e-0e479a3ffac0 Mail.Send Send mail
87f447af-9fa4-4c32-9dfa-4a57a73d18ce MailboxSettings.Read See the settings of the own mailbox
465a38f9-76ea-45b9-9f34-9e8b0d4b0b42 Calendars.Read Read the own calendar
1ec239c2-d7c9-4623-a91a-a9775856bb36 Calendars.ReadWrite Change the own calendar
ff74d97f-43af-4b68-9f2a-b77ee6968c5d Contacts.Read Read the own contacts
10465720-29dd-4523-a11a-6a75c743c9d9 Files.Read Read the own files
863451e7-0667-486c-a5d6-d135439485f0 Files.ReadWrite.All Change every file the person can open
205e70e5-aba6-4c52-a976-6d2d46c48043 Sites.Read.All Read every site the person can open
ba47897c-39ec-4d83-8086-ee8256fa737d People.Read See the people one works with
2219042f-cab5-40cc-b0d2-16b1540b4c5f Tasks.ReadWrite Change the own tasks`,
);

/** Permissions of other services, by the application id of the service. */
export const OTHER_PERMISSIONS: Readonly<Record<string, readonly Permission[]>> = {
  '00000002-0000-0ff1-ce00-000000000000': [
    ...read(
      'Role',
      `dc890d15-9560-4a4c-9b7f-a736ec74ec40 full_access_as_app Use every mailbox
dc50a0fb-09a3-484d-be87-e023b12c6440 Exchange.ManageAsApp Administer Exchange`,
    ),
  ],
  '00000003-0000-0ff1-ce00-000000000000': read(
    'Role',
    '678536fe-1083-478a-9c59-b99265e6b0d3 Sites.FullControl.All Administer every site',
  ),
  '797f4846-ba00-4fd7-ba43-dac1f8f63013': read(
    'Scope',
    '41094075-9dad-400e-a0bd-54e686782033 user_impersonation Manage Azure as the person',
  ),
};

function read(type: Permission['type'], lines: string): Permission[] {
  return lines.split('\n').map((line) => {
    const [id = '', word = '', ...effect] = line.split(' ');
    return { id, type, value: word.replace('!', ''), effect: effect.join(' '), isSensitive: word.endsWith('!') };
  });
}

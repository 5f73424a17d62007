/**
 * The invented company behind the generated tenant: its domains, offices, departments, partners and projects.
 */

import type { NameLanguage } from './names.js';

export const COMPANY = 'Acme Rockets';
export const DEFAULT_DOMAIN = 'acme.example';
export const INITIAL_DOMAIN = 'acme.onmicrosoft.example';
export const ON_PREMISES_DOMAIN = 'corp.acme.example';

/** One site of the company; `phone` and `mobile` have an `x` for each digit to fill in. */
export interface Office {
  readonly name: string;
  readonly city: string;
  readonly country: string;
  readonly usageLocation: string;
  readonly state?: string;
  readonly street: string;
  readonly postalCode: string;
  readonly phone: string;
  readonly mobile: string;
  readonly language: NameLanguage;
  readonly dataLocation: string;
  readonly region: 'EMEA' | 'Americas' | 'APAC';
}

function office(
  place: readonly [name: string, city: string, country: string, usageLocation: string],
  address: readonly [street: string, postalCode: string],
  phones: readonly [phone: string, mobile: string],
  rest: Pick<Office, 'language' | 'dataLocation' | 'region' | 'state'>,
): Office {
  const [name, city, country, usageLocation] = place;
  const [street, postalCode] = address;
  const [phone, mobile] = phones;
  return { name, city, country, usageLocation, street, postalCode, phone, mobile, ...rest };
}

/** The sites, the headquarters first; a small tenant uses only the first ones. */
export const OFFICES: readonly Office[] = [
  office(
    ['Berlin HQ', 'Berlin', 'Germany', 'DE'],
    ['Raketenstraße', '10115'],
    ['+49 30 231250 xx', '+49 170 5550 xxxx'],
    { language: 'de-DE', dataLocation: 'EUR', region: 'EMEA' },
  ),
  office(
    ['Seattle Launch Center', 'Seattle', 'United States', 'US'],
    ['Orbit Avenue', '98101'],
    ['+1 206 555 01xx', '+1 206 555 01xx'],
    { language: 'en-US', dataLocation: 'NAM', region: 'Americas', state: 'WA' },
  ),
  office(
    ['London Bridge', 'London', 'United Kingdom', 'GB'],
    ['Gantry Lane', 'SE1 0ZZ'],
    ['+44 20 7946 0xxx', '+44 7700 900xxx'],
    { language: 'en-GB', dataLocation: 'GBR', region: 'EMEA' },
  ),
  office(
    ['Bengaluru Campus', 'Bengaluru', 'India', 'IN'],
    ['Propellant Road', '560001'],
    ['+91 80 5550 xxxx', '+91 98450 0xxxx'],
    { language: 'en-IN', dataLocation: 'IND', region: 'APAC', state: 'KA' },
  ),
  office(
    ['Paris Élysée', 'Paris', 'France', 'FR'],
    ['Rue de la Fusée', '75008'],
    ['+33 1 99 00 xx xx', '+33 6 39 98 xx xx'],
    { language: 'fr-FR', dataLocation: 'FRA', region: 'EMEA' },
  ),
  office(
    ['Madrid Centro', 'Madrid', 'Spain', 'ES'],
    ['Calle del Cohete', '28013'],
    ['+34 910 55 xx xx', '+34 600 55 xx xx'],
    { language: 'es-ES', dataLocation: 'EUR', region: 'EMEA' },
  ),
  office(
    ['Tokyo 東京オフィス', 'Tokyo', 'Japan', 'JP'],
    ['Chiyoda 1-', '100-0001'],
    ['+81 3 5550 xxxx', '+81 90 5550 xxxx'],
    { language: 'ja-JP', dataLocation: 'JPN', region: 'APAC' },
  ),
  office(
    ['São Paulo Fábrica', 'São Paulo', 'Brazil', 'BR'],
    ['Avenida do Foguete', '01310-100'],
    ['+55 11 5550 xxxx', '+55 11 95550 xxxx'],
    { language: 'pt-BR', dataLocation: 'BRA', region: 'Americas', state: 'SP' },
  ),
  office(
    ['Stockholm Söder', 'Stockholm', 'Sweden', 'SE'],
    ['Raketgatan', '118 20'],
    ['+46 8 465 004 xx', '+46 70 174 06 xx'],
    { language: 'sv-SE', dataLocation: 'SWE', region: 'EMEA' },
  ),
  office(
    ['Kraków Test Stand', 'Kraków', 'Poland', 'PL'],
    ['ulica Rakietowa', '30-001'],
    ['+48 12 555 xx xx', '+48 600 555 xxx'],
    { language: 'pl-PL', dataLocation: 'POL', region: 'EMEA' },
  ),
];

/** Languages of people who work away from where their name is common. */
export const OTHER_LANGUAGES: readonly NameLanguage[] = ['nl-NL', 'tr-TR', 'el-GR', 'en-US', 'fr-FR', 'es-ES', 'en-IN'];

/** One department; the number of a cost centre is made from its code. */
export interface Department {
  readonly name: string;
  readonly division: string;
  readonly code: number;
  readonly titles: readonly string[];
}

/** The departments; a small tenant uses only the first ones. */
export const DEPARTMENTS: readonly Department[] = [
  department(
    'Engineering',
    'Product',
    4100,
    'Software Engineer|Senior Engineer|Propulsion Engineer|Engineering Manager',
  ),
  department('Sales', 'Commercial', 2100, 'Account Executive|Sales Manager|Sales Development Representative'),
  department('Finance', 'Corporate', 1100, 'Accountant|Controller|Finance Manager|Payroll Specialist'),
  department(
    'Information Technology',
    'Corporate',
    1200,
    'Systems Administrator|Identity Engineer|Service Desk Analyst',
  ),
  department('Human Resources', 'Corporate', 1300, 'HR Business Partner|Recruiter|People Operations Manager'),
  department('Marketing', 'Commercial', 2200, 'Content Strategist|Brand Manager|Campaign Analyst'),
  department('Manufacturing', 'Operations', 3100, 'Machinist|Welder|Shift Supervisor|Apprentice|Plant Manager'),
  department('Research & Development', 'Product', 4200, 'Scientist|Research Fellow|Laboratory Technician'),
  department('Customer Support', 'Operations', 3200, 'Support Engineer|Support Manager|Escalation Specialist'),
  department('Legal', 'Corporate', 1400, 'Counsel|Paralegal|Contracts Manager'),
  department('Procurement', 'Operations', 3300, 'Buyer|Category Manager|Supplier Quality Engineer'),
  department('Quality Assurance', 'Product', 4300, 'Test Engineer|Quality Inspector|QA Manager'),
];

/** Organisations whose people are guests in the tenant, by mail domain. */
export const PARTNERS: readonly { readonly domain: string; readonly company: string }[] = [
  { domain: 'fabricators.example', company: 'Orion Fabricators' },
  { domain: 'auditors.example', company: 'Clearwater Auditors' },
  { domain: 'agency.example.net', company: 'Blue Comet Agency' },
  { domain: 'university.example.org', company: 'Northshore University' },
  { domain: 'mail.example.com', company: 'Independent' },
];

/** What the names of the many small groups are made of. */
export const GROUP_KINDS: readonly string[] = ['Project', 'Team', 'Access', 'Community', 'Review Board'];
export const GROUP_ADJECTIVES: readonly string[] =
  `Amber Arctic Autumn Azure Brass Bright Bronze Cobalt Copper Coral Crimson Crystal Distant Eager Ember Frozen Gentle Golden
   Granite Hidden Indigo Ivory Jade Lunar Marble Misty Northern Obsidian Opal Pearl Polar Quiet Rapid Scarlet Silent Silver Solar
   Stellar Velvet Winter`.split(/\s+/);
export const GROUP_NOUNS: readonly string[] =
  `Albatross Anchor Aurora Badger Beacon Bison Canyon Cascade Comet Condor Coyote Delta Dolphin Eclipse Falcon Fjord Forge Galaxy
   Gecko Glacier Harbor Heron Horizon Hurricane Ibis Jaguar Kestrel Lagoon Lantern Lynx Mammoth Meadow Meteor Monsoon Nebula Nova
   Ocelot Orchid Osprey Otter Panther Pelican Phoenix Prairie Quasar Raven Reef Saturn Sequoia Sparrow Summit Tempest Tundra Vega
   Viper Vortex Walrus Willow Wolf Zephyr`.split(/\s+/);

function department(name: string, division: string, code: number, titles: string): Department {
  return { name, division, code, titles: titles.split('|') };
}

/**
 * Writes src/sandbox/facts/graph-facts.json: what Microsoft's metadata (the CSDL document of Microsoft Graph v1.0) says
 * about the types the sandbox serves. The result depends on the metadata alone, so it can be committed and compared.
 *
 *   node scripts/generate-sandbox-facts.mjs <path of the CSDL file>
 */
import { readFileSync, writeFileSync } from 'node:fs';

const NAMESPACE = 'microsoft.graph';
/** The entity types the sandbox serves; every type their properties need is added to these. */
const ROOTS = [
  'directoryObject',
  'user',
  'group',
  'organization',
  'conditionalAccessPolicy',
  'namedLocation',
  'ipNamedLocation',
  'countryNamedLocation',
  'authenticationStrengthPolicy',
  'authenticationCombinationConfiguration',
  'authenticationMethodsPolicy',
  'authenticationMethodConfiguration',
  'authorizationPolicy',
  'application',
  'servicePrincipal',
  'oAuth2PermissionGrant',
  'appRoleAssignment',
  'agentIdentity',
  'agentIdentityBlueprint',
  'agentIdentityBlueprintPrincipal',
  'agentUser',
  'unifiedRoleDefinition',
  'unifiedRoleAssignment',
];
const plain = JSON.parse(readFileSync(new URL('../src/sandbox/facts/plain-collections.json', import.meta.url), 'utf8'));
ROOTS.push(...Object.values(plain).map(({ type }) => type));

/** Types of which every derived type is served too, and whose contained objects are read and written with them. */
const WHOLE = ['authenticationMethodConfiguration', 'authenticationStrengthPolicy'];
/** Relationships that are read and written like contained ones, though the metadata does not call them so. */
const INLINE = ['passkeyProfiles'];

const attribute = (line, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(line)?.[1];

function parseType(reference) {
  const collection = /^Collection\((.*)\)$/.exec(reference);
  const type = (collection?.[1] ?? reference).replace(/^graph\./, '');
  return collection ? { type, collection: true } : { type };
}

function parseProperty(line) {
  const property = parseType(attribute(line, 'Type'));
  if (attribute(line, 'Nullable') === 'false') property.nullable = false;
  return property;
}

function parseNavigation(line) {
  const relationship = parseType(attribute(line, 'Type'));
  const contained = attribute(line, 'ContainsTarget') === 'true' || INLINE.includes(attribute(line, 'Name'));
  return contained ? { ...relationship, contained: true } : relationship;
}

/** Reads the declarations of one CSDL document, line by line (the published document has one element on each line). */
function parse(csdl) {
  const declared = { entities: new Map(), complex: new Map(), enums: new Map(), annotations: [] };
  let namespace = '';
  let current;
  let target;
  for (const line of csdl.split(/\r?\n/)) {
    const element = /^\s*<(\/?[A-Za-z:]+)/.exec(line)?.[1];
    if (element === 'Schema') namespace = attribute(line, 'Namespace');
    if (namespace !== NAMESPACE) continue;
    const name = attribute(line, 'Name');
    switch (element) {
      case 'EntityType':
      case 'ComplexType': {
        const base = attribute(line, 'BaseType');
        current = {
          ...(base ? { base: parseType(base).type } : {}),
          ...(attribute(line, 'Abstract') === 'true' ? { abstract: true } : {}),
          ...(attribute(line, 'OpenType') === 'true' ? { open: true } : {}),
          properties: {},
          navigation: {},
        };
        declared[element === 'EntityType' ? 'entities' : 'complex'].set(name, current);
        break;
      }
      case 'EnumType':
        current = { ...(attribute(line, 'IsFlags') === 'true' ? { flags: true } : {}), members: [] };
        declared.enums.set(name, current);
        break;
      case 'Member':
        current.members.push(name);
        break;
      case 'Property':
        if (current?.properties) current.properties[name] = parseProperty(line);
        break;
      case 'NavigationProperty':
        if (current?.navigation) current.navigation[name] = parseNavigation(line);
        break;
      case '/EntityType':
      case '/ComplexType':
      case '/EnumType':
        current = undefined;
        break;
      case 'Annotations':
        target = attribute(line, 'Target');
        break;
      case 'Annotation':
        if (target) declared.annotations.push([target, attribute(line, 'Term'), line]);
        break;
      case '/Annotations':
        target = undefined;
        break;
    }
  }
  return declared;
}

/** Marks the properties that the metadata calls computed (set by the service) or immutable (set at creation only). */
function annotate(declared) {
  for (const [target, term, line] of declared.annotations) {
    const [, type, name] = /^microsoft\.graph\.([A-Za-z0-9]+)\/([A-Za-z0-9]+)$/.exec(target) ?? [];
    const property = (declared.entities.get(type) ?? declared.complex.get(type))?.properties[name];
    if (!property || attribute(line, 'Bool') === 'false') continue;
    if (term === 'Org.OData.Core.V1.Computed') property.computed = true;
    if (term === 'Org.OData.Core.V1.Immutable') property.immutable = true;
  }
}

/** Whether a type is one of those served whole, or derives from one. */
function isWhole(declared, name) {
  for (let at = name; at; at = declared.entities.get(at)?.base) if (WHOLE.includes(at)) return true;
  return false;
}

/**
 * The roots, their bases, and every type reachable through properties, with the types derived from complex ones and from
 * those that are served whole or contained in one.
 */
function reachable(declared) {
  const seen = new Set();
  const visitDerived = (name, map) => {
    for (const [derived, other] of map) if (other.base === name) visit(derived);
  };
  const visit = (name) => {
    if (seen.has(name) || name.startsWith('Edm.')) return;
    const type = declared.entities.get(name) ?? declared.complex.get(name);
    if (!type && !declared.enums.has(name)) return;
    seen.add(name);
    if (!type) return;
    if (type.base) visit(type.base);
    for (const property of Object.values(type.properties)) visit(property.type);
    if (declared.complex.has(name)) return visitDerived(name, declared.complex);
    if (!isWhole(declared, name)) return;
    visitDerived(name, declared.entities);
    for (const to of Object.values(type.navigation)) {
      if (!to.contained) continue;
      visit(to.type);
      visitDerived(to.type, declared.entities);
    }
  };
  for (const root of ROOTS) {
    if (!declared.entities.has(root)) throw new Error(`The metadata has no entity type ${root}.`);
    visit(root);
  }
  return seen;
}

/**
 * Keeps the relationships that matter here: to directory objects, those of complex types to served entities, and the
 * contained ones of types that are served whole.
 */
function trimNavigation(type, keeps) {
  const kept = Object.entries(type.navigation)
    .filter(([, to]) => keeps(to))
    .map(([name, { contained, ...to }]) => [
      name,
      contained && to.type !== 'directoryObject' ? { ...to, contained } : to,
    ]);
  const { navigation, ...rest } = type;
  return kept.length > 0 ? { ...rest, navigation: Object.fromEntries(kept) } : rest;
}

const [path] = process.argv.slice(2);
if (!path) {
  process.stderr.write('Usage: node scripts/generate-sandbox-facts.mjs <path of the CSDL file>\n');
  process.exit(1);
}
const declared = parse(readFileSync(path, 'utf8'));
annotate(declared);
const wanted = reachable(declared);
const pick = (map, change = (value) => value) =>
  Object.fromEntries(
    [...map.keys()]
      .filter((name) => wanted.has(name))
      .sort()
      .map((name) => [name, change(map.get(name), name)]),
  );
const facts = {
  source:
    'Microsoft Graph metadata, v1.0 ($metadata, namespace microsoft.graph); written by scripts/generate-sandbox-facts.mjs',
  entities: pick(declared.entities, (type, name) =>
    trimNavigation(type, (to) => to.type === 'directoryObject' || (to.contained && isWhole(declared, name))),
  ),
  complex: pick(declared.complex, (type) => trimNavigation(type, (to) => ROOTS.includes(to.type))),
  enums: pick(declared.enums),
};
writeFileSync(new URL('../src/sandbox/facts/graph-facts.json', import.meta.url), `${JSON.stringify(facts, null, 1)}\n`);

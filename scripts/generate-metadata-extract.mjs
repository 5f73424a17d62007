/**
 * Writes test/metadata/graph-v1.json: the part of Microsoft's metadata (the CSDL document of Microsoft Graph v1.0) that
 * judges requests and answers in tests. It is read here on its own, not by way of the sandbox's facts or the client's
 * schemas, so that neither is judged by what it is made of.
 *
 *   node scripts/generate-metadata-extract.mjs <path of the CSDL file>
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** Where paths begin, and the entity types they lead to. Complex types, enums and derived types follow from these. */
const PLACES = [
  ...['directory', 'policyRoot', 'identityContainer', 'conditionalAccessRoot', 'roleManagement', 'rbacApplication'],
  ...['authenticationStrengthRoot', 'auditLogRoot', 'directoryAudit', 'caPoliciesDeletableRoot'],
  ...['user', 'group', 'application', 'servicePrincipal', 'organization', 'device', 'oAuth2PermissionGrant'],
  ...['appRoleAssignment', 'conditionalAccessPolicy', 'namedLocation', 'authenticationContextClassReference'],
  ...['authenticationStrengthPolicy', 'authenticationCombinationConfiguration', 'authenticationMethodsPolicy'],
  ...['authenticationMethodConfiguration', 'authenticationMethodTarget', 'passkeyProfile', 'authorizationPolicy'],
  ...['unifiedRoleDefinition', 'unifiedRoleAssignment', 'subscribedSku'],
  ...['entraRecoveryServices.recovery', 'entraRecoveryServices.snapshot', 'entraRecoveryServices.recoveryJobBase'],
  ...['entraRecoveryServices.recoveryChangeObjectBase'],
];
const SERVICE = 'microsoft.graph.GraphService';

const [path] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write('Usage: node scripts/generate-metadata-extract.mjs <path of the CSDL file>\n');
  process.exit(1);
}

/** Names lose `microsoft.graph.`; `Collection(…)` becomes a `*` behind the name. */
const short = (name) => name.replace(/^Collection\((.*)\)$/, '$1*').replace(/^(?:microsoft\.graph|graph)\./, '');

/** The elements of the document as a tree: `{ element, attributes, children }`. */
function tree(text) {
  const root = { element: '', attributes: {}, children: [] };
  const open = [root];
  for (const [, closing, element, attributes, empty] of text.matchAll(
    /<(\/?)([A-Za-z:]+)((?:\s+[\w:.]+="[^"]*")*)\s*(\/?)>/g,
  )) {
    if (closing === '/') open.pop();
    else {
      const pairs = [...attributes.matchAll(/([\w:.]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
      const node = { element, attributes: Object.fromEntries(pairs), children: [] };
      open.at(-1).children.push(node);
      if (empty === '') open.push(node);
    }
  }
  return root;
}

const childrenOf = (node, element) => node.children.filter((child) => child.element === element);
const within = (node, element) =>
  node.children.flatMap((child) => [...(child.element === element ? [child] : []), ...within(child, element)]);

/** Types of all namespaces by name, bound functions and actions, and the container. */
function declarations(document) {
  const found = { types: new Map(), bound: [], container: undefined, annotations: new Map() };
  for (const schema of within(document, 'Schema')) {
    const prefix = `${schema.attributes.Namespace}.`.replace(/^microsoft\.graph\./, '');
    for (const node of schema.children) {
      if (node.element === 'EntityType' || node.element === 'ComplexType')
        found.types.set(`${prefix}${node.attributes.Name}`, structured(node));
      if (node.element === 'EnumType') found.types.set(`${prefix}${node.attributes.Name}`, enumerated(node));
      if (node.element === 'Function' || node.element === 'Action') found.bound.push(boundTo(node, prefix));
      if (node.element === 'EntityContainer') found.container = node;
      if (node.element === 'Annotations') found.annotations.set(node.attributes.Target, childrenOf(node, 'Annotation'));
    }
  }
  return found;
}

function structured(node) {
  const { BaseType, Abstract, OpenType } = node.attributes;
  const alternate = childrenOf(node, 'Annotation').filter(({ attributes }) =>
    attributes.Term.endsWith('.AlternateKeys'),
  );
  const keys = alternate
    .flatMap((each) => within(each, 'PropertyValue'))
    .filter(({ attributes }) => attributes.Property === 'Name')
    .map(({ attributes }) => attributes.PropertyPath);
  const member = ({ attributes }) => [
    attributes.Name,
    `${short(attributes.Type)}${attributes.Nullable === 'false' ? '!' : ''}`,
  ];
  return {
    kind: node.element === 'EntityType' ? 'entity' : 'complex',
    ...(BaseType === undefined ? {} : { base: short(BaseType) }),
    ...(Abstract === 'true' ? { abstract: true } : {}),
    ...(OpenType === 'true' ? { open: true } : {}),
    ...(keys.length === 0 ? {} : { keys }),
    properties: Object.fromEntries(childrenOf(node, 'Property').map(member)),
    navigation: Object.fromEntries(childrenOf(node, 'NavigationProperty').map(member)),
  };
}

function enumerated(node) {
  return {
    kind: 'enum',
    ...(node.attributes.IsFlags === 'true' ? { flags: true } : {}),
    members: childrenOf(node, 'Member').map(({ attributes }) => attributes.Name),
  };
}

function boundTo(node, prefix) {
  const [on, ...parameters] = childrenOf(node, 'Parameter');
  const [result] = childrenOf(node, 'ReturnType');
  return {
    name: node.attributes.Name,
    ...(prefix === '' ? {} : { namespace: prefix.slice(0, -1) }),
    kind: node.element.toLowerCase(),
    on: on === undefined ? '' : short(on.attributes.Type),
    parameters: Object.fromEntries(
      parameters.map(({ attributes }) => [
        attributes.Name,
        `${short(attributes.Type)}${attributes.Nullable === 'false' ? '!' : ''}`,
      ]),
    ),
    ...(result === undefined ? {} : { result: short(result.attributes.Type) }),
  };
}

/** Properties that only the service sets, as `type/property`. */
function computed(annotations) {
  return [...annotations]
    .filter(([, terms]) =>
      terms.some(({ attributes: { Term, Bool } }) => Term.endsWith('.Computed') && Bool !== 'false'),
    )
    .map(([target]) => target.replace(/^microsoft\.graph\./, ''));
}

/** The places, their bases and derived types, and every type that a property or a parameter of them needs. */
function wantedOf({ types, bound }) {
  const wanted = new Set();
  const visit = (reference) => {
    const name = reference.replace(/[*!]/g, '');
    const type = types.get(name);
    if (type === undefined || wanted.has(name)) return;
    wanted.add(name);
    if (type.kind === 'enum') return;
    if (type.base !== undefined) visit(type.base);
    for (const each of Object.values(type.properties)) visit(each);
    for (const [derived, { base }] of types)
      if (base === name && name !== 'entity' && name !== 'directoryObject') visit(derived);
  };
  for (const place of PLACES) {
    if (!types.has(place)) process.stderr.write(`The metadata has no type ${place}.\n`);
    visit(place);
  }
  for (const each of bound.filter(({ on }) => wanted.has(on.replace('*', ''))))
    for (const type of Object.values(each.parameters)) visit(type);
  return wanted;
}

const found = declarations(tree(readFileSync(path, 'utf8')));
const wanted = wantedOf(found);
const roots = (element, type) =>
  childrenOf(found.container, element)
    .map(({ attributes }) => [attributes.Name, short(attributes[type])])
    .filter(([, name]) => wanted.has(name));
const extract = {
  source: `Microsoft Graph metadata, v1.0 ($metadata, container ${SERVICE}); written by scripts/generate-metadata-extract.mjs`,
  sets: Object.fromEntries(roots('EntitySet', 'EntityType')),
  singletons: Object.fromEntries(roots('Singleton', 'Type')),
  computed: computed(found.annotations)
    .filter((target) => wanted.has(target.split('/')[0]))
    .sort(),
  types: Object.fromEntries([...found.types].filter(([name]) => wanted.has(name)).sort(([a], [b]) => (a < b ? -1 : 1))),
  bound: found.bound.filter(({ on }) => wanted.has(on.replace('*', '')) || on === 'entity*'),
};
const line = (value) => JSON.stringify(value);
const list = (values) => `[\n${values.map(line).join(',\n')}\n]`;
const map = (values) =>
  `{\n${Object.entries(values)
    .map(([name, value]) => `${line(name)}:${line(value)}`)
    .join(',\n')}\n}`;
const { source, sets, singletons, types, bound } = extract;
const text = `{"source":${line(source)},\n"sets":${line(sets)},\n"singletons":${line(singletons)},\n"computed":${list(extract.computed)},\n"types":${map(types)},\n"bound":${list(bound)}}\n`;
writeFileSync(new URL('../test/metadata/graph-v1.json', import.meta.url), text);

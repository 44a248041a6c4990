// Leaves out of a bundle the methods that nothing in it calls. Bundlers drop functions that nobody uses, but keep classes
// whole: most of what prom-client's and Hono's can do is not used here.
import { type AnyNode, type ClassBody, parse } from 'acorn';

/** Names that the platform calls, or the language itself. */
const called = [
  ...['fetch', 'alarm', 'handleEvent'],
  ...['start', 'pull', 'transform', 'write', 'flush', 'close', 'abort', 'cancel'],
  ...['toString', 'toJSON', 'valueOf', 'then', 'next', 'return', 'throw'],
];

interface Method {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** In whose code its class stands. */
  readonly within: Code;
  readonly code: Code;
}

/** Names of properties that some code reads. */
type Code = Set<string>;

/**
 * A method stays if code that stays reads a property of its name, of whatever object, or holds the name as text. Names that
 * a program puts together while it runs would not be seen.
 *
 * @param code an ECMAScript module
 */
export function withoutUnusedMethods(code: string): { code: string; dropped: string[] } {
  const program: Code = new Set(called);
  const methods: Method[] = [];
  collect(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), program, methods);

  const live = new Set([program]);
  const names = new Set(program);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { name, within, code } of methods) {
      if (live.has(code) || !live.has(within) || !names.has(name)) continue;
      live.add(code);
      for (const each of code) names.add(each);
      grown = true;
    }
  }
  const dropped = methods
    .filter(({ within, code }) => live.has(within) && !live.has(code))
    .sort((a, b) => b.start - a.start);
  return {
    code: dropped.reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), code),
    dropped: dropped.map(({ name }) => name),
  };
}

function collect(node: AnyNode, code: Code, methods: Method[]): void {
  for (const name of namesIn(node)) if (name !== undefined) code.add(name);
  if (node.type === 'ClassBody') collectClass(node, code, methods);
  else for (const child of childrenOf(node)) collect(child, code, methods);
}

function collectClass({ body }: ClassBody, code: Code, methods: Method[]): void {
  for (const member of body) {
    const isFunction =
      (member.type === 'MethodDefinition' && member.kind !== 'constructor') ||
      (member.type === 'PropertyDefinition' && /^(Arrow)?FunctionExpression$/.test(member.value?.type ?? ''));
    const name = isFunction && !member.computed ? nameOf(member.key) : undefined;
    if (!isFunction || name === undefined) {
      collect(member, code, methods);
      continue;
    }
    const own: Code = new Set();
    methods.push({ name, start: member.start, end: member.end, within: code, code: own });
    collect(member.value!, own, methods);
  }
}

/** Under which names a node reads properties. */
function namesIn(node: AnyNode): (string | undefined)[] {
  switch (node.type) {
    case 'MemberExpression':
      return node.computed ? [] : [nameOf(node.property)];
    case 'ObjectPattern':
      return node.properties.map(each =>
        each.type === 'Property' && !each.computed ? nameOf(each.key) : undefined,
      );
    case 'PrivateIdentifier':
      return [nameOf(node)];
    case 'Literal':
      return [nameOf(node)];
    case 'TemplateElement':
      return [node.value.cooked ?? undefined];
    default:
      return [];
  }
}

function nameOf(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'PrivateIdentifier') return `#${node.name}`;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((value): value is AnyNode => typeof value?.type === 'string');
}

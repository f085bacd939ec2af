import { PagedList, type Page } from '../lists/paged-list.ts';
import type { Call, Operation } from '../operation.ts';
import { readArguments } from './call-arguments.ts';

type UntypedMethod = (...given: unknown[]) => Promise<unknown>;

/** Returns a method `resources[resource][verb]` for each operation `resource.verb` of a table. */
export function bindOperations(
  table: Readonly<Record<string, Operation>>,
  call: Call,
): Record<string, Record<string, UntypedMethod>> {
  const resources: Record<string, Record<string, UntypedMethod>> = {};
  for (const [name, operation] of Object.entries(table)) {
    const [resource = '', verb = ''] = name.split('.');
    resources[resource] ??= {};
    resources[resource][verb] = operation.list
      ? (...given) => listOf(name, operation, call, given)
      : async (...given) => call(operation, readArguments(name, operation, given));
  }
  return resources;
}

function listOf(name: string, operation: Operation, call: Call, given: unknown[]) {
  return new PagedList(async (startingAfter) => {
    const { query, ...others } = readArguments(name, operation, given);
    const cursor = startingAfter === undefined ? {} : { starting_after: startingAfter };
    return (await call(operation, { ...others, query: { ...query, ...cursor } })) as Page;
  });
}

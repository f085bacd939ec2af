import { operationTable, type OperationId } from '@greenroom/contract';

type PathParametersOf<Id extends OperationId> = Record<
  keyof (typeof operationTable)[Id]['parameters']['path'],
  string
>;

/** Returns the path of an operation with these parameters. */
export function linkTo<Id extends OperationId>(id: Id, parameters: PathParametersOf<Id>): string {
  return Object.entries<string>(parameters).reduce<string>(
    (path, [name, value]) => path.replace(`{${name}}`, encodeURIComponent(value)),
    operationTable[id].path,
  );
}

export type { components, operations, paths } from './generated/wire.ts';
export type { operations as validatedOperations } from './generated/validated.ts';
export { operationTable, type OperationId } from './generated/operation-table.ts';
export { errorTable, type ErrorCode } from './generated/error-table.ts';
export { failureTexts } from './generated/failure-texts.ts';
export { lifecycle } from './generated/lifecycle.ts';
export * from './generated/enums.ts';

/** The addresses of pages. Each begins and ends with `/`. */
export const operationPath = (operationId: string) => `/operations/${operationId}/`;
export const errorPath = (code: string) => `/errors/${code}/`;
export const failurePath = (code: string) => `/failures/${code}/`;
export const guidePath = (name: string) => `/guides/${name}/`;

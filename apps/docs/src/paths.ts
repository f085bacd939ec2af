/** Where pages are. Every address inside the site begins with `/` and ends with one. */
export const operationPath = (operationId: string) => `/operations/${operationId}/`;
export const errorPath = (code: string) => `/errors/${code}/`;
export const failurePath = (code: string) => `/failures/${code}/`;
export const guidePath = (name: string) => `/guides/${name}/`;

import { base } from '../../jest.base.mjs';

/** @type {import('jest').Config} */
export default base;

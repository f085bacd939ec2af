/** The environment variable that names the file to which programs add their statements, a line of JSON each. */
export const STATEMENTS_VARIABLE = 'GREENROOM_TEST_STATEMENTS';

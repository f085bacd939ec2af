/** The environment variable that names the file to which programs add the problems of their statements, a line each. */
export const PROBLEMS_VARIABLE = 'GREENROOM_TEST_STATEMENT_PROBLEMS';

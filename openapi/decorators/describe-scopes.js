/** Adds the scopes to the description of the API key in the public document: an `http` scheme has no field for them. */
export function describeScopes() {
  return {
    Root: {
      leave({ components: { schemas, securitySchemes } }) {
        const [, ...scopes] = schemas.Scope.description.split('\n\n');
        securitySchemes.customerKey.description += `\nA key has one or more scopes:\n\n${scopes.join('\n\n')}`;
      },
    },
  };
}

"""Has the client of openapi-python-client read the cases."""

import sys

from greenroom_client import models

from reread import reread

reread(sys.argv[1], lambda schema, body: getattr(models, schema).from_dict(body).to_dict())

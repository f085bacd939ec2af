"""Has the client of OpenAPI Generator read the cases."""

import json
import sys

import greenroom

from reread import reread

reread(sys.argv[1], lambda schema, body: json.loads(getattr(greenroom, schema).from_dict(body).to_json()))

"""Sources led to sites on this machine, as the environment names them."""

import json
import os

from tests.crawlers.five_sites import led_to

for _id, _base in json.loads(os.environ["TEST_SITES"]).items():
    _made = led_to(_id, _base)
    _made.__module__ = __name__
    globals()[_made.__name__] = _made

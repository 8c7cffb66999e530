"""Settings of the property tests: repeatable by default, long and random in ``make soak``.

The databases of all tests are made here, so that one server serves them all.
"""

import os

from hypothesis import HealthCheck, settings

from app.db import Database
from tests.databases import *  # noqa: F403  fixtures
from tests.rings import ring_of_tests

Database.keys = ring_of_tests()

# A busy machine is slow, not wrong: neither a deadline nor the speed of drawing may fail a test.
settings.register_profile(
    "default",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak",
    derandomize=False,
    deadline=None,
    max_examples=2000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

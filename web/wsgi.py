"""For gunicorn: ``gunicorn --worker-class gthread --workers 2 --threads 8 web.wsgi:app``."""

import gc

from web.app import create_app
from web.extension import of

app = create_app()
of(app).engine  # noqa: B018 - opened now, not by the first who asks
# What has been loaded stays: the collector need not walk it again and again.
gc.collect()
gc.freeze()

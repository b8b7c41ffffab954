"""For gunicorn: ``gunicorn --worker-class gthread --workers 2 --threads 8 web.wsgi:app``."""

from web.app import create_app

app = create_app()

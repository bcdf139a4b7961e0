"""The WSGI entry for servers: `app`."""

from outcomes.app import create_app

app = create_app()

"""The HTTP kit: declared routes, the guard, refusals as pages or JSON, limits, headers, drawn forms.

Knows nothing about accounts, roles, children or the audit; `app.py` connects those through hooks.
`install.py: init_web` puts all of it into an application.
"""

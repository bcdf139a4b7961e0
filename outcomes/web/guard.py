"""The guard: one check before every view, by the permission that its address declares.

It fails closed: no declaration, no actor or no permission means no view. Who the actor is comes
from a hook (`set_actor_loader`); whose records they may see is the scope's concern, further down.
"""

import re
from collections.abc import Callable
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, request

from outcomes.core.actor import Actor
from outcomes.core.errors import Forbidden, Misconfigured, SignInNeeded
from outcomes.core.permissions import Permission
from outcomes.web.routes import current_declaration

ActorLoader = Callable[[], Actor | None]

SIGN_IN = "/sign-in"
LONGEST_NEXT = 1000

_LOADER = "outcomes_actor_loader"
_ACTOR = "web_actor"
_VISIBLE_ASCII = re.compile(r"[!-~]+\Z", re.ASCII)


def set_actor_loader(app: Flask, loader: ActorLoader) -> None:
    """Connect who is asking. `loader` is called at most once per request, within it.

    It returns None where nobody is signed in or the session has ended, and may raise.
    """
    app.extensions[_LOADER] = loader


def check_guard(app: Flask) -> None:
    """Refuse to start without a way to know who is asking."""
    if _LOADER not in app.extensions:
        raise Misconfigured("No actor loader is connected. Call outcomes.web.guard.set_actor_loader(app, …).")


def install_guard(app: Flask) -> None:
    app.before_request(_guard)


def actor_or_none() -> Actor | None:
    """Who is asking; None where nobody is signed in. Asked for lazily: static files need nobody."""
    if _ACTOR not in g:
        loader: ActorLoader = current_app.extensions[_LOADER]
        setattr(g, _ACTOR, loader())
    return g.get(_ACTOR)


def known_actor() -> Actor | None:
    """Who is asking, as far as it was already found out; never looks it up. For pages of refusal."""
    return g.get(_ACTOR)


def current_actor() -> Actor:
    """Who is asking. Raises SignInNeeded where nobody is signed in."""
    actor = actor_or_none()
    if actor is None:
        raise SignInNeeded
    return actor


def _guard() -> None:
    declaration = current_declaration()
    if declaration is None:
        if request.url_rule is None:
            # No such address, or not with this method: werkzeug answers 404 or 405 by itself.
            return
        raise Forbidden("This address has not declared who may use it, so nobody may.")
    if declaration.permission is Permission.PUBLIC:
        return
    # Also for what everybody may who is signed in: a token may have been narrowed below that.
    if not current_actor().may(declaration.permission):
        raise Forbidden


def safe_next(text: str | None) -> str | None:
    """The address to go on to after signing in, if it is a path of this service; else None.

    Only `/…` in visible ASCII: browsers read `//host`, `/\\host` and `/<tab>/host` as another site.
    """
    if not text or len(text) > LONGEST_NEXT or not _VISIBLE_ASCII.match(text):
        return None
    if not text.startswith("/") or text.startswith("//") or "\\" in text:
        return None
    return text


def sign_in_address() -> str:
    """Where to sign in, with the way back for a page that was only being read."""
    if request.method not in ("GET", "HEAD"):
        return SIGN_IN
    path = quote(request.path, safe="/-._~:@!$'()*+,;=")
    query = quote(request.query_string, safe="%&=-._~:@!$'()*+,;/?")
    back = safe_next(f"{path}?{query}" if query else path)
    return f"{SIGN_IN}?{urlencode({'next': back})}" if back and back != "/" else SIGN_IN

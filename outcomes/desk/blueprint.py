"""The one blueprint of the desk's record pages; each view adds its own address with `web.routes.route`."""

from flask import Blueprint

desk_pages = Blueprint("desk", __name__)

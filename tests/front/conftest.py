"""The browser and a served application, for the tests of this folder."""

from tests.browser import browser, live

__all__ = ["browser", "live"]

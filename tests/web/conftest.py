from pathlib import Path

import pytest

from outcomes.core.settings import Settings
from tests.web.site import Browser, Site, make_site, settings_for


@pytest.fixture
def web_settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.fixture
def site(web_settings: Settings) -> Site:
    return make_site(web_settings)


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.client()

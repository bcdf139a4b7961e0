"""What is vendored is what was fetched, and holds nothing that is reserved for GOV.UK."""

import hashlib
import json
import re

import pytest

from tools.vendor_frontend import VENDOR, manifest, tidy_css

KEPT = json.loads((VENDOR / "VENDORED.json").read_text())
FILES = sorted(path for path in VENDOR.rglob("*") if path.is_file() and path.name != "VENDORED.json")


def test_the_manifest_lists_exactly_the_files_that_are_there() -> None:
    assert sorted(KEPT["sha256"]) == sorted(str(path.relative_to(VENDOR)) for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(VENDOR)))
def test_every_file_has_the_hash_of_the_manifest(path) -> None:
    name = str(path.relative_to(VENDOR))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert KEPT["sha256"][name] == digest, f"{name} was edited by hand: run tools/vendor_frontend.py"


def test_the_manifest_is_what_the_tool_would_write() -> None:
    assert manifest() == KEPT, "The pins in tools/vendor_frontend.py moved: run it and commit the output."


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.suffix in (".css", ".js")], ids=lambda path: path.name
)
def test_nothing_reserved_and_nothing_from_elsewhere(path) -> None:
    text = path.read_text()
    for reserved in ("GDS Transport", "@font-face", "govuk-crest", "sourceMappingURL", "/assets/"):
        assert reserved not in text, f"{path.name} still holds {reserved}"
    assert not re.search(r"url\((?!images/)", text), f"{path.name} fetches something that is not vendored"


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".css"], ids=lambda path: path.name)
def test_every_image_that_a_style_sheet_draws_is_there(path) -> None:
    for image in re.findall(r"url\((images/[\w.-]+)\)", path.read_text()):
        assert (path.parent / image).is_file(), f"{path.name} draws {image}, which is missing"


def test_tidying_removes_the_font_and_the_crest_and_keeps_the_rest() -> None:
    given = (
        '@font-face{font-family:"GDS Transport";src:url(/assets/fonts/x.woff2)}'
        "a{font-family:GDS Transport,arial,sans-serif;color:red}"
        "b{background-image:url(/assets/images/govuk-crest.svg);margin:0}"
        "i{mask-image:url(/assets/images/govuk-crest.svg)}"
        "u{background-image:url(/assets/images/icon.svg)}"
    )
    assert tidy_css(given) == (
        'a{font-family:"Helvetica Neue",Helvetica,Arial,sans-serif;color:red}b{margin:0}i{}'
        "u{background-image:url(images/icon.svg)}\n"
    )

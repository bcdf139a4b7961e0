"""Fetch the front-end packages and write what the service may use of them to outcomes/static/vendor/.

For developers only: the output is committed, so nobody else needs Node. Run it when a pin below
moves, and move govuk-frontend-jinja with it (4.1 draws the markup of GOV.UK Frontend 6.3.0).

Left out because they are reserved for gov.uk and the Ministry of Justice: the GDS Transport font,
crown, crest, favicons and application icons. `tests/front/test_vendored.py` re-hashes the files.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "outcomes" / "static" / "vendor"
FONTS = '"Helvetica Neue",Helvetica,Arial,sans-serif'
RESERVED = re.compile(r"crest|crown|govuk-icon|favicon|apple-touch|opengraph|logotype", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned package: where its style, script and images are inside the archive."""

    name: str
    version: str
    integrity: str
    folder: str
    inside: str
    stem: str


PACKAGES = (
    Package(
        name="govuk-frontend",
        version="6.3.0",
        integrity="sha512-cXIQxm5PHCsbic47GXZrVBZhAeeshTLRL6ZBKilLsR6rMCjJuWb7Fruq0VUNMBJFlJk/srsRj/q8d5bM9cgKoA==",
        folder="govuk",
        inside="package/dist/govuk",
        stem="govuk-frontend.min",
    ),
    Package(
        name="@ministryofjustice/frontend",
        version="11.1.0",
        integrity="sha512-1bkUbm2M4DpcpX/pOmumQRBsbJco9W2RwmJv5h/ZC/ZqrAOn2/FjpF+A7vS0gs7oMXBizr9O5huDrSYbLx73Nw==",
        folder="moj",
        inside="package/moj",
        stem="moj-frontend.min",
    ),
)


def tidy_css(css: str) -> str:
    """The style sheet without the reserved font and images; other images beside the sheet."""
    # Comments go too: the font's notice, and the address of a source map that is not shipped.
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).strip() + "\n"
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r'"?GDS Transport"?,\s*arial,\s*sans-serif', FONTS, css)
    css = re.sub(
        r"[\w-]+:url\(([^)]*)\);?",
        lambda found: "" if RESERVED.search(found[1]) else found[0],
        css,
    )
    return css.replace("url(/assets/images/", "url(images/")


def tidy_script(script: str) -> str:
    """The module without the address of a source map that is not shipped."""
    return re.sub(r"//# sourceMappingURL=\S*\s*$", "", script).strip() + "\n"


def unpack(package: Package, archive: Path) -> None:
    """Write one package's style, script and the images that its style draws."""
    target = VENDOR / package.folder
    shutil.rmtree(target, ignore_errors=True)
    (target / "images").mkdir(parents=True)
    with tarfile.open(archive) as tar:

        def read(path: str) -> bytes:
            member = tar.extractfile(f"{package.inside}/{path}")
            if member is None:
                raise SystemExit(f"{package.name} {package.version} has no {path}: has its layout changed?")
            return member.read()

        css = tidy_css(read(f"{package.stem}.css").decode())
        (target / f"{package.stem}.css").write_text(css)
        script = tidy_script(read(f"{package.stem}.js").decode())
        (target / f"{package.stem}.js").write_text(script)
        for image in sorted(set(re.findall(r"url\(images/([\w.-]+)\)", css))):
            (target / "images" / image).write_bytes(read(f"assets/images/{image}"))
    if not any((target / "images").iterdir()):
        (target / "images").rmdir()


def fetch(package: Package, folder: Path) -> Path:
    """Download one pinned archive with npm's own client, and refuse any other content."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm was not found. Install Node.js; only whoever moves a pin needs it.")
    pinned = f"{package.name}@{package.version}"
    # Fixed words only, from the pins above.
    done = subprocess.run([npm, "pack", "--json", pinned], cwd=folder, capture_output=True, check=True)  # noqa: S603
    archive = folder / json.loads(done.stdout)[0]["filename"]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise SystemExit(f"{pinned}: expected {package.integrity}, came sha512-{digest}. Check the pin.")
    return archive


def manifest() -> dict[str, object]:
    """What is shipped: each package with its integrity, each file with its SHA-256."""
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file() and path.name != "VENDORED.json")
    return {
        "packages": [{"name": p.name, "version": p.version, "integrity": p.integrity} for p in PACKAGES],
        "sha256": {
            str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
        },
    }


def main() -> None:
    """Fetch, tidy, write, and say what was written."""
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            unpack(package, fetch(package, Path(folder)))
            sys.stderr.write(f"{package.name} {package.version} -> {VENDOR / package.folder}\n")
    (VENDOR / "VENDORED.json").write_text(json.dumps(manifest(), indent=2) + "\n")


if __name__ == "__main__":
    main()

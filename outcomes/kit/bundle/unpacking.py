"""A workbook's archive, unpacked with care: what it would grow to is judged before anything grows.

What a sheet means is not known here. The parts are inflated once, by us, to the sizes that were
judged; the reader of workbooks is given those parts and never the sender's archive, so that it
cannot be made to see another.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

UNPACKED_MOST = 50 * 1024 * 1024
"""Bytes of all parts together."""

RATIO_MOST = 100
"""How many times its packed size a part may grow to."""

SMALL = 64 * 1024
"""A part of fewer bytes is let grow as it likes: a blank sheet packs very well."""

PARTS_MOST = 1_000

EXPECTED = (
    "Expected an XLSX workbook with one sheet for each kind of record (`outcomes import --template` "
    "writes a blank one), or a folder of CSV files."
)
SMALLER = "Send the records in several workbooks, or as a folder of CSV files."

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = 0x1


class NotAWorkbook(Exception):
    """The file cannot be taken for a workbook; says what was expected."""


def read_file(path: Path) -> bytes:
    """The file's bytes, if it can be a workbook at all. Raises NotAWorkbook."""
    if not path.is_file():
        raise NotAWorkbook(f"This is a device, not a file. {EXPECTED}")
    if path.stat().st_size > UNPACKED_MOST:
        raise NotAWorkbook(f"The file is larger than {_mb(UNPACKED_MOST)}. {SMALLER}")
    content = path.read_bytes()
    if content.startswith(_OLE):
        raise NotAWorkbook(
            "The workbook is protected by a password, or is of the old .xls form. "
            f"Save it as “Excel Workbook (.xlsx)” without a password. {EXPECTED}"
        )
    if not content.startswith(b"PK"):
        raise NotAWorkbook(f"The file is not a workbook. {EXPECTED}")
    return content


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of an archive by name. Raises NotAWorkbook, before inflating, where they would be too much."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _judge(parts)
            return {part.filename: _inflated(archive, part) for part in parts if _is_wanted(part)}
    except (BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError) as fault:
        raise NotAWorkbook(
            f"The workbook is damaged and cannot be read. Save it again. {EXPECTED}"
        ) from fault


def packed(parts: Mapping[str, bytes]) -> io.BytesIO:
    """The parts as an archive again, without compression."""
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    stream.seek(0)
    return stream


def _judge(parts: Iterable[ZipInfo]) -> None:
    parts = list(parts)
    if len(parts) > PARTS_MOST:
        raise NotAWorkbook(
            f"The workbook has {len(parts):,} parts, at most {PARTS_MOST:,} are read. {SMALLER}"
        )
    if sum(part.file_size for part in parts) > UNPACKED_MOST:
        raise NotAWorkbook(f"Unpacked, the workbook is larger than {_mb(UNPACKED_MOST)}. {SMALLER}")
    names = [part.filename for part in parts]
    if len(set(names)) < len(names):
        raise NotAWorkbook(f"The workbook holds a part twice. Save it again. {EXPECTED}")
    for part in parts:
        if part.file_size > max(SMALL, RATIO_MOST * part.compress_size):
            raise NotAWorkbook(
                f"A part of the workbook would grow more than {RATIO_MOST} times when unpacked. Save it again "
                f"in the spreadsheet. {SMALLER}"
            )
        if part.flag_bits & _ENCRYPTED:
            raise NotAWorkbook(f"The workbook is protected by a password. Save it without one. {EXPECTED}")


def _inflated(archive: ZipFile, part: ZipInfo) -> bytes:
    # A part may say less than it grows to. Asked for a number of bytes, the archive inflates no more.
    with archive.open(part) as stream:
        return stream.read(part.file_size)


def _is_wanted(part: ZipInfo) -> bool:
    """Sheets and what they need are XML; pictures, macros and printer settings are left packed."""
    return part.filename.endswith((".xml", ".rels")) and part.compress_type in (
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    )


def _mb(size: int) -> str:
    return f"{size // (1024 * 1024)} MB"

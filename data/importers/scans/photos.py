"""Read scans and photographs sent as pictures: .png, .jpg, .tif."""

import io
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from PIL import Image, ImageOps, UnidentifiedImageError

from data.importers.documents.archives import problem
from data.importers.grid import Grid
from data.importers.scans.pages import MOST_PIXELS, read_page, without_table
from data.importers.scans.tesseract import HOW_TO_INSTALL, TesseractError, available
from data.importers.textfile import TextProblem

MOST_PAGES = 60
LARGEST_PICTURE = 80_000_000  # pixels
_SECONDS = 60.0  # for each page
_PAGED = "TIFF"
_FORMATS = ("PNG", "JPEG", _PAGED)
_SMALLEST = 300  # pixels of a side
_AT_300_DPI = "Scan it again, at 200 to 300 dpi."
_AS_XLSX = "Ask for the list as Excel or Word, and import that."


def not_installed(what: str) -> TextProblem:
    """Return the refusal of a scan on a machine that cannot read it."""
    return problem(
        f"{what}; reading them needs Tesseract with its Vietnamese data, which is not installed.",
        f"Install it ({HOW_TO_INSTALL}), or ask for the list as Excel or Word.",
    )


def read_picture(data: bytes) -> list[Grid]:
    """Return the tables of a picture, page by page, as `Grid`s labelled "page 1".

    Raises TextProblem when the bytes are no sound picture, it is too large, Tesseract is missing,
    or it shows no table with lines.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            _check(opened)
            if not available():
                raise not_installed("The file is a picture of text")
            grids = read_pages(_frames(opened))
    except Image.DecompressionBombError:
        raise problem("The picture has too many pixels to read.", _AT_300_DPI) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        why = f"The picture is cut short or damaged ({type(error).__name__})."
        raise problem(why, "Fetch or scan it again, as .png, .jpg, .tif or .pdf.") from None
    if not grids:
        raise problem("The picture shows no table with lines around its cells.", _AS_XLSX)
    return grids


def read_pages(pages: Iterable[tuple[str, Image.Image]]) -> list[Grid]:
    """Return the tables of labelled pictures of pages; raises TextProblem."""
    grids: list[Grid] = []
    carried: list[str] = []
    tableless: list[int] = []
    started = time.monotonic()
    for done, (label, picture) in enumerate(pages, start=1):
        try:
            found, below = read_page(fitted(picture), label, carried, bool(grids))
        except TesseractError as error:
            raise problem(f"Tesseract could not read {label}: {error}.", _AT_300_DPI) from None
        carried = below if found else (carried + below)[-12:]
        grids += found
        if below and not found:
            tableless.append(done)
        if time.monotonic() - started > _SECONDS * (done + 1):
            raise problem(
                f"Reading the pictures takes too long; {label} was reached.",
                "Import the pages with the list alone.",
            )
    if grids and tableless:
        told = [*grids[0].remarks, without_table(tableless)]
        grids[0] = replace(grids[0], remarks=told)
    return grids


def fitted(picture: Image.Image) -> Image.Image:
    """Return a picture of no more pixels than are looked at."""
    grey = picture.convert("L")
    pixels = grey.width * grey.height
    if pixels > MOST_PIXELS:
        scale = (MOST_PIXELS / pixels) ** 0.5
        grey = grey.resize((int(grey.width * scale), int(grey.height * scale)))
    return grey


def _check(picture: Image.Image) -> None:
    """Raise TextProblem for too many pages; they are walked no further than the most there may be,
    for a small file can list very many.
    """
    if picture.format == _PAGED:
        with suppress(EOFError):
            picture.seek(MOST_PAGES)
            why = f"The picture has more than {MOST_PAGES} pages, the most there may be."
            raise problem(why, "Split it over several files.")
        picture.seek(0)
    _check_size(picture)


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > LARGEST_PICTURE:
        why = f"The picture has {picture.width:,} × {picture.height:,} pixels, too many to read."
        raise problem(why, _AT_300_DPI)
    if min(picture.size) < _SMALLEST:
        why = f"The picture has only {picture.width:,} × {picture.height:,} pixels."
        raise problem(why, _AT_300_DPI)


def _frames(picture: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    """Yield the pages of a TIFF; of a photograph with a preview and the like the first alone."""
    for number in range(MOST_PAGES if picture.format == _PAGED else 1):
        try:
            picture.seek(number)
        except EOFError:
            return
        _check_size(picture)
        yield f"page {number + 1}", ImageOps.exif_transpose(picture).convert("L")

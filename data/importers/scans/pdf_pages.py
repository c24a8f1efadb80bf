"""Pages of a PDF that are pictures of text: told from others, drawn, and read."""

from collections.abc import Sequence
from typing import Any, Self

from PIL import Image

from data.importers.documents.archives import problem
from data.importers.grid import Grid
from data.importers.scans.pages import MOST_PIXELS, read_page
from data.importers.scans.photos import LARGEST_PICTURE, MOST_PAGES, fitted
from data.importers.scans.tesseract import TesseractError, available

SECONDS_A_PAGE = 60.0
_COVERED = 0.5  # of a page by pictures, for it to be one
_COVERED_ALONE = 0.05  # where there is no text at all
_FEWEST_CELLS = 4  # with text, of a table
_USUAL_DPI, _MOST_DPI = 200, 300
_LARGEST_SIDE = 80.0  # inches of a page
_POINTS = 72


def is_picture(page: Any) -> bool:
    """Tell whether a page is a picture of text, by what covers it and whether it has a table.

    Scanners may lay the words they recognised over the picture, without lines: what another
    program read, with no say of how sure it was, is not relied on.
    """
    area = float(page.width) * float(page.height)
    covered = sum(_area(image, page) for image in page.images)
    if not len(page.chars):
        return covered > _COVERED_ALONE * area
    if covered < _COVERED * area:
        return False
    return not any(_holds_text(table) for table in page.find_tables())


def _holds_text(table: Any) -> bool:
    """Tell a table of text from the box of a stamp or a signature."""
    cells = [cell for row in table.extract() for cell in row]
    return sum(bool((cell or "").strip()) for cell in cells) >= _FEWEST_CELLS


def _area(image: Any, page: Any) -> float:
    width = min(image["x1"], page.width) - max(image["x0"], 0)
    height = min(image["bottom"], page.height) - max(image["top"], 0)
    return float(max(width, 0) * max(height, 0))


class ScannedPages:
    """Draws and reads the pictures of a PDF's pages; to be closed."""

    def __init__(self, data: bytes) -> None:
        """Keep the bytes; they are parsed at the first page that is a picture."""
        self._data = data
        self._document: Any = None
        self.pages_read = 0
        self.readable = available()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the document."""
        if self._document is not None:
            self._document.close()

    def read(
        self, number: int, carried: Sequence[str], later: bool
    ) -> tuple[list[Grid], list[str]]:
        """Return the tables of a page (from 1) and the lines below; see `read_page`.

        Raises TextProblem for pages too many or too large, and where Tesseract fails.
        """
        self.pages_read += 1
        if self.pages_read > MOST_PAGES:
            why = f"The PDF has more than {MOST_PAGES} scanned pages, the most that are read."
            raise problem(why, "Save the pages with the list as a file of their own.")
        try:
            return read_page(fitted(self._drawn(number)), f"page {number}", carried, later)
        except TesseractError as error:
            raise problem(
                f"Tesseract could not read page {number}: {error}.", "Scan it again at 300 dpi."
            ) from None

    def _drawn(self, number: int) -> Image.Image:
        import pypdfium2  # noqa: PLC0415 -- slow import

        if self._document is None:
            self._document = pypdfium2.PdfDocument(self._data)
        page = self._document[number - 1]
        width, height = (side / _POINTS for side in page.get_size())
        dpi = float(_USUAL_DPI)
        kinds = [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
        for image in page.get_objects(filter=kinds, max_depth=3):
            across, down = image.get_px_size()
            if across * down > LARGEST_PICTURE:
                why = f"Page {number} holds a picture of {across:,} × {down:,} pixels."
                raise problem(why, "Scan it at 200 to 300 dpi.")
            dpi = max(dpi, across / max(width, 0.1))
        if max(width, height) > _LARGEST_SIDE:
            raise problem(f"Page {number} is {width:.0f} × {height:.0f} inches large.",
                          "Scan it again on paper of a usual size.")  # fmt: skip
        dpi = min(dpi, _MOST_DPI, (MOST_PIXELS / (width * height)) ** 0.5)
        drawn: Image.Image = page.render(scale=dpi / _POINTS, grayscale=True).to_pil()
        page.close()
        return drawn

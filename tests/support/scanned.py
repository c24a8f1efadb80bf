"""Scans of made documents: their pages as pictures, tilted, noisy, at 200 dots an inch."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageFilter

from tests.support.list_facts import Fiche
from tests.support.list_writers import without_lines
from tests.support.province_lists import Document, make
from tests.support.strange_lists import make_strange

DPI = 200
_PDFS = 4  # one seed in four of the generators is a PDF


def as_pictures(pdf: bytes, *, seed: int, dpi: int = DPI, tilt: float = 1.0) -> list[Image.Image]:
    """Return a PDF's pages as a scanner gives them; the same for the same seed."""
    import pypdfium2

    draw = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(pdf)
    pictures = [
        _worn(document[number].render(scale=dpi / 72, grayscale=True).to_pil(), draw, tilt)
        for number in range(len(document))
    ]
    document.close()
    return pictures


def _worn(page: Image.Image, draw: np.random.Generator, tilt: float) -> Image.Image:
    turned = page.convert("L").rotate(
        draw.uniform(-tilt, tilt), resample=Image.Resampling.BICUBIC, fillcolor=255
    )
    soft = turned.filter(ImageFilter.GaussianBlur(draw.uniform(0.2, 0.6)))
    light = np.asarray(soft, dtype=np.float64) * draw.uniform(0.8, 0.95) + draw.uniform(0, 20)
    noisy = light + draw.normal(0, draw.uniform(3, 12), light.shape)
    specks = draw.random(light.shape) < 2e-5
    noisy[specks] = 40
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def scanned(pdf: bytes, *, seed: int, dpi: int = DPI) -> bytes:
    """Return a PDF of pictures alone, as scanners write it."""
    first, *others = as_pictures(pdf, seed=seed, dpi=dpi)
    stream = io.BytesIO()
    first.save(stream, "PDF", resolution=dpi, save_all=True, append_images=others, quality=80)
    return stream.getvalue()


def make_scan(seed: int, known: Sequence[Fiche]) -> Document:
    """Return the scan of a document of the generators, every third one a stranger's."""
    write = make_strange if seed % 3 == 2 else make
    document = write(_PDFS * seed + 3, known)
    assert document.name.endswith(".pdf")
    data = scanned(document.data, seed=seed)
    return Document(
        f"scan-{document.name}", data, document.layout, document.expected, document.totals
    )


def make_unruled(seed: int, known: Sequence[Fiche]) -> Document:
    """Return a PDF with text and without lines, every third one a stranger's."""
    write = make_strange if seed % 3 == 2 else make
    with without_lines():
        return write(_PDFS * seed + 3, known)

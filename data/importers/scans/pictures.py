"""Pictures of pages as grey arrays: straightened, and told apart into ink and paper."""

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

Grey = npt.NDArray[np.uint8]
Ink = npt.NDArray[np.bool_]

_WIDEST_TILT = 4.0  # degrees
_STEP = 0.1
WHITE = 255
_LOOKED_AT = 1_000  # pixels of width, to find the tilt
_NO_TILT = 0.05
_AROUND = 41  # pixels, whose mean is the paper's brightness
_PAPER = 0.93  # of that mean is still white
_INK = 222  # and darker pixels of a whitened page are ink


def whitened(grey: Grey) -> Grey:
    """Return a page with its paper white, however bright or uneven the light was."""
    calm = ndimage.gaussian_filter(grey.astype(np.float32), 0.7)
    paper = ndimage.maximum_filter(ndimage.uniform_filter(calm, 5), _AROUND)
    paper = np.maximum(ndimage.uniform_filter(paper, _AROUND), 1.0)
    return np.asarray(np.clip(calm * (255.0 / _PAPER) / paper, 0, 255), dtype=np.uint8)


def ink_of(white: Grey) -> Ink:
    """Return which pixels of a whitened page are ink."""
    return np.asarray(white < _INK, dtype=bool)


def straightened(grey: Grey) -> Grey:
    """Turn a whitened page so that its lines are level, if they tilt by four degrees or less."""
    tilt = _tilt(grey)
    if abs(tilt) < _NO_TILT:
        return grey
    turned = Image.fromarray(grey).rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=WHITE)
    return np.asarray(turned, dtype=np.uint8)


def _tilt(grey: Grey) -> float:
    """Return the angle in degrees by which lines fall to the right: rows are sharpest at it."""
    step = max(1, grey.shape[1] // _LOOKED_AT)
    rows, columns = np.nonzero(ink_of(grey[::step, ::step]))
    if rows.size < 100:
        return 0.0
    angles = np.arange(-_WIDEST_TILT, _WIDEST_TILT + _STEP / 2, _STEP)
    best = max(angles, key=lambda angle: _sharpness(rows, columns, float(angle)))
    fine = np.arange(best - _STEP, best + _STEP + 0.01, _STEP / 5)
    return float(max(fine, key=lambda angle: _sharpness(rows, columns, float(angle))))


def _sharpness(rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], angle: float) -> float:
    levels = rows - columns * np.tan(np.radians(angle))
    counts = np.bincount((levels - levels.min()).astype(np.intp)).astype(np.float64)
    return float((counts**2).sum())

"""The folder of a tuned encoder: another's files, with an adapter merged into the weights."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from embeddings.adapter import Adapter, write_adapter
from embeddings.manifest import MANIFEST, Json, Manifest, read_manifest, write_folder_atomically
from embeddings.onnx_export import ONNX_FILE, RECIPE, export_int8
from embeddings.packaged import KIND

ADAPTER = "adapter.safetensors"
_WEIGHTS = "model.safetensors"
_REMEDY = "Give the folder of an encoder that Ketnoi made, such as KETNOI_HOME/models/e5-small."


def write_tuned(
    target: Path, base: Path, adapter: Adapter, *, info: Mapping[str, Json]
) -> Manifest:
    """Write ``base`` again with the adapter merged into it; the graph keeps 8 bits a weight.

    The adapter lies beside the weights. Its sha256 is part of the encoder's id.

    Args:
        target: folder to create.
        base: a sentence-transformers folder with a manifest.
        info: what the adapter was made of; kept in the manifest.

    Raises:
        ArtifactError: ``target`` exists already, or ``base`` has no manifest.
        EncoderError: the adapter was made for another encoder.
    """
    from safetensors.numpy import load_file, save_file  # noqa: PLC0415 -- slow import

    known = read_manifest(base, kind=KIND, remedy=_REMEDY).info
    name = f"{known['model']}-tuned-{adapter.digest()[:8]}"

    def fill(folder: Path) -> None:
        skipped = shutil.ignore_patterns(MANIFEST, ONNX_FILE, _WEIGHTS)
        shutil.copytree(base, folder, ignore=skipped, dirs_exist_ok=True)
        weights = adapter.merged(load_file(base / _WEIGHTS))
        save_file(weights, folder / _WEIGHTS, metadata={"format": "pt"})
        write_adapter(folder / ADAPTER, adapter)
        export_int8(folder, bits=8)

    whole = {**known, "recipe": RECIPE, **info, "model": name, "base": known["model"]}
    return write_folder_atomically(target, fill, kind=KIND, info=whole)

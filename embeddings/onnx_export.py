"""Turn the transformer of a sentence-transformers folder into a quantised ONNX graph beside it.

Weights are kept in blocks of 32 with a scale each (4 or 8 bits); activations become int8 at run
time, in blocks of 32 as well. Plain dynamic int8, one scale for a whole activation tensor, was
tried: cosine 0.996 to float32 in place of 0.9998, two points lost from Vietnamese to English and
four on questions without tone marks, at the same speed (docs/encoder.md).
"""

import contextlib
import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Bits = Literal[4, 8]
ONNX_FILE = "model_int8.onnx"
RECIPE = "int8-3"  # change it whenever the graph's numbers change: encoder ids name it
INPUT, OUTPUT = "input_ids", "last_hidden_state"
_EMBEDDED = "inputs_embeds"
_OPSET = 18
_BLOCK = 32  # weights a scale; that of Q4_0, so the packaged weights pass unchanged
_INT8_ACTIVATIONS = 4  # `accuracy_level` of onnxruntime's MatMulNBits


def export_int8(folder: Path, *, bits: Bits = 8) -> Path:
    """Export ``folder``'s transformer and quantise it into ``folder/model_int8.onnx``.

    Args:
        folder: a sentence-transformers folder with a BERT-like transformer.
        bits: of a weight. 8 for any model; 4 loses nothing only where the weights come from
            Q4_0 blocks, as the packaged ones do, and is faster.

    The graph takes ``input_ids`` (1, tokens) int64 and gives ``last_hidden_state``
    (1, tokens, dim) float32; pooling is left to the caller. Takes about 15 s.
    """
    target = folder / ONNX_FILE
    with tempfile.TemporaryDirectory(prefix=".tmp-onnx-", dir=folder.parent) as scratch:
        plain, small = Path(scratch) / "model.onnx", Path(scratch) / "int8.onnx"
        with warnings.catch_warnings(), _quiet():
            warnings.simplefilter("ignore")  # the exporter's own, about its internals
            table = _export(folder, plain)
            _quantise(plain, small, bits)
        _put_word_table_in_front(small, table, target)
    return target


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back the exporters' log lines (about packages nobody needs here) and progress bars."""
    from transformers.utils import logging as bars  # noqa: PLC0415 -- slow import

    before, shown = logging.root.manager.disable, bars.is_progress_bar_enabled()
    logging.disable(logging.WARNING)
    bars.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.disable(before)
        if shown:
            bars.enable_progress_bar()  # type: ignore[no-untyped-call]


def _export(folder: Path, target: Path) -> NDArray[np.float32]:
    """Export the transformer without its word table, which is returned: (vocabulary, dim)."""
    import torch  # noqa: PLC0415 -- slow import
    from transformers import AutoModel  # noqa: PLC0415 -- slow import

    class Hidden(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(
                folder, attn_implementation="eager", local_files_only=True
            ).eval()

        def forward(self, inputs_embeds: torch.Tensor) -> torch.Tensor:
            hidden: torch.Tensor = self.encoder(inputs_embeds=inputs_embeds).last_hidden_state
            return hidden

    model = Hidden()
    words = model.encoder.get_input_embeddings().weight.detach()
    torch.onnx.export(
        model,
        (words[:9].unsqueeze(0),),
        target,
        input_names=[_EMBEDDED],
        output_names=[OUTPUT],
        dynamic_shapes={_EMBEDDED: {1: torch.export.Dim("tokens", min=2, max=512)}},
        opset_version=_OPSET,
        dynamo=True,
        verbose=False,
    )
    table: NDArray[np.float32] = words.numpy()
    return table


def _quantise(plain: Path, target: Path, bits: Bits) -> None:
    import onnx  # noqa: PLC0415 -- slow import
    from onnxruntime.quantization import matmul_nbits_quantizer as nbits  # noqa: PLC0415 -- slow import

    quantizer = nbits.MatMulNBitsQuantizer(
        onnx.load(plain),
        bits=bits,
        block_size=_BLOCK,
        is_symmetric=True,
        accuracy_level=_INT8_ACTIVATIONS,
    )
    quantizer.process()
    quantizer.model.save_model_to_file(str(target))


def _put_word_table_in_front(source: Path, table: NDArray[np.float32], target: Path) -> None:
    """Make the graph start at token ids: rows of an int8 table, each with its own scale.

    The table is four fifths of the weights: exporting with it takes twice as long.
    """
    import onnx  # noqa: PLC0415 -- slow import
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415 -- slow import

    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True) / 127.0, 1e-12).astype(np.float32)
    model = onnx.load(source)
    graph = model.graph
    nodes = [
        helper.make_node("Gather", ["word_int8", INPUT], ["word_rows"]),
        helper.make_node("Cast", ["word_rows"], ["word_floats"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["word_scale", INPUT], ["word_scales"]),
        helper.make_node("Mul", ["word_floats", "word_scales"], [_EMBEDDED]),
    ]
    for position, node in enumerate(nodes):
        graph.node.insert(position, node)
    graph.initializer.append(
        numpy_helper.from_array(np.rint(table / scale).astype(np.int8), "word_int8")
    )
    graph.initializer.append(numpy_helper.from_array(scale, "word_scale"))
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(INPUT, TensorProto.INT64, [1, "tokens"]))
    onnx.save(model, target)

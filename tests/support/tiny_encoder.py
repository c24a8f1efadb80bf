"""A BERT of a few thousand random numbers, in a folder like that of the packaged encoder."""

from pathlib import Path

from embeddings.manifest import Json, write_folder_atomically
from embeddings.packaged import KIND, PROMPTS

DIM, LAYERS = 32, 2


def tiny_encoder(target: Path, *, words: list[str]) -> Path:
    """Write a sentence-transformers folder that knows these words; random, but always the same."""

    def fill(folder: Path) -> None:
        _write_model(folder, words)

    info: dict[str, Json] = {"model": "tiny-1", "recipe": "none", "dim": DIM, "max_length": 64}
    write_folder_atomically(target, fill, kind=KIND, info=info)
    return target


def _write_model(folder: Path, words: list[str]) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    known = {word: row for row, word in enumerate(["<pad>", "<unk>", *sorted(set(words))])}
    tokenizer = Tokenizer(models.WordLevel(known, unk_token="<unk>"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(known),
        hidden_size=DIM,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        intermediate_size=2 * DIM,
        max_position_embeddings=512,
        pad_token_id=0,
        initializer_range=0.3,
    )
    bare = folder / "bare"
    BertModel(config).save_pretrained(bare)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token="<pad>",  # noqa: S106
        unk_token="<unk>",  # noqa: S106
    ).save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=64)
    model = SentenceTransformer(
        modules=[transformer, Pooling(DIM, pooling_mode="mean"), Normalize()],
        prompts={**PROMPTS, "document": PROMPTS["passage"]},
    )
    model.save(str(folder), create_model_card=False)
    for path in bare.iterdir():
        path.unlink()
    bare.rmdir()

"""Errors of the embeddings layer; each carries a stable code beside a message for people."""


class EmbeddingsError(Exception):
    """Something about vectors, encoders or their files is wrong.

    Args:
        code: stable dotted name, such as ``encoder.unknown``; callers and translations key on it.
        message: names the value, the place and the remedy, in one or two sentences.
    """

    def __init__(self, *, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class EncoderError(EmbeddingsError):
    """An encoder cannot be loaded, built or fed."""


class ArtifactError(EmbeddingsError):
    """A folder or file kept on disk is missing, incomplete or damaged."""


class VectorIndexError(EmbeddingsError):
    """An index cannot be built from, opened from or searched with what was given."""

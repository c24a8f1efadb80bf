"""Careful fine-tuning of the packaged encoder for this field: `ketnoi train encoder`."""

"""Parts of the tone restorer: syllables, language model, search, keystrokes, slips."""

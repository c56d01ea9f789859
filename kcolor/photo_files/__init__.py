"""Colours photo files: reads them with all that is to be kept, names the results, writes them whole or not at all."""

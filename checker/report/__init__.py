"""Renderings of a result: nothing is computed here that is not in ``result.json``."""

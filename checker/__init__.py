"""zcf-check: recompute and judge a zero-carbon factory dossier.

The rooms stand in the order in which data passes through them::

    dossier + packs -> facts -> diagnose -> requirements -> verdict -> result -> report

Imports point to the left only; ``cli`` stands at the right end.
"""

__version__ = "0.1.0"

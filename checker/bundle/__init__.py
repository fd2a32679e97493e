"""A check sealed for the archive: result, packs, options and ledger, signed; and its replay."""

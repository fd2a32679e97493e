"""Credits and certificates: serial grammars as data, ranges as intervals, derived tables."""

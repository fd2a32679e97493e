"""The result: everything a check found, as one deterministic JSON document."""

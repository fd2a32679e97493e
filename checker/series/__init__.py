"""Meter series: read as streams, looked at interval by interval, handed on as derived tables."""

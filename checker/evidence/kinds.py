"""Kinds of documents whose text is read."""

FLOWING = (".docx", ".html", ".htm", ".md", ".txt")
"""Documents without pages."""
DOCUMENTS = (".pdf", *FLOWING)

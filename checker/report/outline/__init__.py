"""The report as blocks: one list of sections for PDF, Word, Markdown and the newer HTML parts."""

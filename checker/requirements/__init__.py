"""Requirements: cards evaluated on facts and tables, one outcome per requirement and subject."""

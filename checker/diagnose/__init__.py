"""What declared figures rest on: rounding, likely causes of a difference, margins, uncertainty."""

"""Reading a submission: every value keeps its place, nothing is judged here."""

"""Evidence files read as text: are the numbers and identifiers of the tables in them?"""

"""The auditor's desk: a page on this machine only, to walk through findings and questions."""

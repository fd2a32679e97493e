"""What people add to a check: the engagement, judgements, samples, visits, rounds, reviews."""

"""The verdict: statuses, gates, stages and the conclusion, derived by rules and explained."""

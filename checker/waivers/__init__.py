"""Waivers: findings a person accepts for a time; they stand beside the result, never in it."""

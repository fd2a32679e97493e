"""What a person answers to a finding: its fields and states."""

HUMAN = ("owner", "due", "status", "reply", "evidence")
STATUSES = ("open", "in_work", "done", "disputed")

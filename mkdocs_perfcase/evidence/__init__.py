"""Evidence: what a benchmark's own result files say, and what a record's figures are worth in their light."""

KEY = "perfcase_evidence"
"""What of a record's front matter names its result files."""

"""Cases as regression checks: every case against its expectations and baselines, for pipelines."""

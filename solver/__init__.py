"""The answer: HiGHS, and the certificate recomputed outside it."""

"""The parameters of the algorithms: keys (frozen), texts, limits."""

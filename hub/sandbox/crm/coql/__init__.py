"""COQL: the vendor's query language, SQL-like, over one module and what its lookups point at."""

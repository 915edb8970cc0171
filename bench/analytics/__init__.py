"""Measures the analytics service: questions about history beside the raw engine and PostgreSQL, ingest, and pushes."""

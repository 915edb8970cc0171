"""theData.io: synchronization and analytics."""

__version__ = "0.1.0"

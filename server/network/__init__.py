"""Which hosts the platform connects to on behalf of its users."""

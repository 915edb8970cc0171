"""How much users, API keys and organizations may ask for, held across all servers."""

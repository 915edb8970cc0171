"""The demo: the main job of the platform on real data, done by a client over REST."""

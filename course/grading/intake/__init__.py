"""What comes in: received, read without trust, rebuilt from the release, looked through."""

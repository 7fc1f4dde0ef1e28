"""The tests, by what they need: CONTRIBUTING.md has the map."""

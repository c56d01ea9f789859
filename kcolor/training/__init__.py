"""Training runs: a recipe and pictures to a colorizer, in a folder from which a killed run continues."""

"""Files, registries, the console, devices, precision: what has nothing to do with colour."""

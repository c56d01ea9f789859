"""The command line: library functions with arguments around them."""

"""What is measured: one module for each generator, and what they all have in common."""

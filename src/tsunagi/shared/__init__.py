"""Small pure helpers every module may use."""

"""How long what is kept, what may be answered, what an accident asks. Plain Python."""

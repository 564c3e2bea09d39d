"""開設 as rules: what may stand in a city's file, what is still missing, what the yearly review asks. Plain Python."""

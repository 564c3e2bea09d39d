"""開設の点検, the city's map, the yearly review."""

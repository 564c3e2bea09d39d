"""Pages of keeping, demands, incidents, complaints, papers a city signs."""

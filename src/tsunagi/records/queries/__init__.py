"""What screens and others may ask of keeping, demands, incidents, complaints and the papers a city signs."""
